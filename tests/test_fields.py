"""What is wrong with a playlist in JSON is said for people."""

from pathlib import Path

import pytest

from tests.conftest import Tempo

FAULTS = {
    '{"entries": 5}': "entries is a number, not a list",
    '{"foo": 1}': "entries is missing",
    '{"entries": [{}, null]}': "entry 2 is missing",
    '{"entries": [{}, {"path": 3}]}': "path of entry 2 is a number, not a text",
    '{"entries": [{}],\n  "title"': "no JSON from line 2, column 10 on",
    '{"entries": [{"title": "\xff"}]}': "no text in UTF-8",
    '[{}, "x"]': "entry 2 is a text, not an object",
    '{"entries": [' + "[" * 100_000: "it is laid out in another way",
    '{"playlist": 3}': "playlist is a number, not an object",
    '{"playlist": {"track": [{}, 4]}}': "track 2 is a number, not an object",
    '{"playlist": {"track": [{"meta": {}}]}}': "meta of track 1 is an object, not a list",
}
"""What may stand in a file, and what is said of it."""


@pytest.mark.parametrize("text", FAULTS, ids=FAULTS.values())
def test_faults_are_sentences(tempo: Tempo, tmp_path: Path, text: str) -> None:
    """A JSON playlist that cannot be read is refused with its file, the place and the fault."""
    path = tmp_path / "run.json"
    path.write_bytes(text.encode("latin-1"))
    kind = "jspf" if "playlist" in text else "json"
    expected = (
        f"Error: run.json is no {kind} playlist ({FAULTS[text]}): "
        "export it again from where it comes\n"
    )
    assert expected == tempo.run("convert", path, tmp_path / "run.m3u8", code=1).stderr
