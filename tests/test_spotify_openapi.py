"""What is asked, and what the fake answers, is what Spotify describes.

Runs where ``TEMPO_SPOTIFY_OPENAPI`` names Spotify's description of its Web API, a YAML file.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from playlists.spotify.signin import COVER_SCOPE
from tests.conftest import Tempo
from tests.spotify_fake import ALL_SCOPES, Call, FakeSpotify, Playlist, make_track
from tests.spotify_server import serving
from tests.spotify_user import on_fake, sign_in, token_file

SPEC = os.environ.get("TEMPO_SPOTIFY_OPENAPI", "")
pytestmark = pytest.mark.skipif(not SPEC, reason="needs TEMPO_SPOTIFY_OPENAPI")


def draft(value: Any) -> Any:
    """Return OpenAPI 3.0 as JSON Schema, which says otherwise that something may be null."""
    if isinstance(value, list):
        return [draft(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {key: draft(each) for key, each in value.items() if key not in {"nullable", "example"}}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


class Description:
    """Spotify's description of its API."""

    def __init__(self, path: Path) -> None:
        yaml = pytest.importorskip("yaml")
        self.spec = yaml.safe_load(path.read_text("utf-8"))
        self.components = draft(self.spec["components"])

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return what a reference leads to."""
        while "$ref" in value:
            found: Any = self.spec
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            value = found
        return value

    def operation(self, call: Call) -> dict[str, Any]:
        """Return what is said of a request."""
        for template, methods in self.spec["paths"].items():
            pattern = re.sub(r"\{\w+\}", r"[^/]+", template)
            if re.fullmatch(pattern, call.path) and call.method.lower() in methods:
                operation: dict[str, Any] = methods[call.method.lower()]
                return operation
        raise AssertionError(f"{call.method} {call.path} is not described")

    def problems(self, call: Call) -> Iterator[str]:
        """Yield what is not as described in a request and its answer."""
        operation = self.operation(call)
        known = {p["name"]: p for p in map(self.resolved, operation.get("parameters", []))}
        for name, value in call.query.items():
            if name not in known:
                yield f"{call.path}: unknown parameter {name}"
                continue
            schema = known[name].get("schema", {})
            typed = int(value) if schema.get("type") == "integer" else value
            yield from self.broken(typed if schema.get("type") != "array" else [value], schema)
        body = self.resolved(operation.get("requestBody", {})).get("content", {})
        if call.body is not None:
            (kind,) = body.values()
            yield from self.broken(call.body, kind["schema"])
        answer = self.resolved(operation["responses"][str(call.status)])
        content = answer.get("content", {}).get("application/json")
        if content:
            yield from self.broken(call.answer, content["schema"])

    def broken(self, value: Any, schema: Any) -> Iterator[str]:
        """Yield where a value does not follow a schema."""
        root = {**draft(schema), "components": self.components}
        for error in jsonschema.Draft202012Validator(root).iter_errors(value):
            yield f"{error.json_path}: {error.message}"[:300]


def test_as_described(tempo: Tempo, tmp_path: Path) -> None:
    """All requests of a reading and two pushes, and the answers to them, are as described."""
    description = Description(Path(SPEC))
    with serving(FakeSpotify()) as fake:
        program = on_fake(tempo, fake, tmp_path)
        sign_in(program, fake)
        liked = fake.add(*(make_track(n, f"Song {n}") for n in range(60)), liked=True)
        fake.add(make_track(99, "Searched", "Ann", 200))
        fake.playlists["p" * 22] = Playlist("Theirs", owner="somebody", uris=liked[:1])
        fake.playlists["q" * 22] = Playlist("Mine", uris=liked[:9])
        program.run("analyze", "spotify:liked", "spotify:playlists", liked[0], "-q", code=1)
        path = tmp_path / "run.m3u8"
        entry = "#EXTINF:200,Ann - Searched\nsearched.mp3"
        path.write_text("\n".join([*liked, *liked, entry]), "utf-8")
        program.run("push", path)
        token = fake.token(f"{ALL_SCOPES} {COVER_SCOPE}")
        token_file(program).write_text(json.dumps(token), "utf-8")
        program.run("push", path, "--cover")
        path.write_text("\n".join([*liked[5:], "#EXTINF:9,Bo - Nothing\nx.mp3"]), "utf-8")
        program.run("push", path)
        found = [
            re.sub(r"\[\d+\]", "[]", f"{call.method} {call.path}: {problem}")
            for call in fake.calls
            for problem in description.problems(call)
        ]
    kinds = {(call.method, re.sub(r"\w{22}", "ID", call.path)) for call in fake.calls}
    assert len(kinds) >= 10, kinds
    assert found == [], json.dumps(sorted(set(found)), indent=1)[:3000]
