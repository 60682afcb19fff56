"""The Web API as Spotify describes it in 2026: what may be asked, and the shape of each answer."""

import re
from typing import Any

import jsonschema

URI = re.compile(r"spotify:(track|episode):[0-9A-Za-z]{22}")
TEXT, COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
NAMED = {"type": "object", "required": ["name", "id", "uri"]}
TRACK = {
    "type": "object",
    "required": ["id", "name", "uri", "artists", "duration_ms", "external_ids", "type", "is_local"],
    "properties": {
        "name": TEXT,
        "uri": TEXT,
        "duration_ms": COUNT,
        "artists": {"type": "array", "items": NAMED},
        "external_ids": {"type": "object", "properties": {"isrc": TEXT}},
        "type": {"const": "track"},
    },
}
ITEM = {"type": ["object", "null"], "required": ["type", "uri", "name"]}


def paging(item: Any) -> dict[str, Any]:
    """Return the shape of a page of items."""
    keys = ("href", "limit", "next", "offset", "previous", "total", "items")
    items = {"type": "array", "items": item}
    numbers = dict.fromkeys(("limit", "offset", "total"), COUNT)
    return {"type": "object", "required": list(keys), "properties": {"items": items, **numbers}}


PLAYLIST = {
    "type": ["object", "null"],
    "required": ["id", "name", "owner", "public", "snapshot_id", "uri", "items", "description"],
    "properties": {"items": {"type": "object", "required": ["href", "total"]}},
}
SNAPSHOT = {"type": "object", "required": ["snapshot_id"], "properties": {"snapshot_id": TEXT}}
URIS = {"type": "array", "maxItems": 100, "minItems": 1, "items": {"pattern": URI.pattern + "$"}}


def body(required: str, **properties: Any) -> dict[str, Any]:
    """Return the shape of a request's body."""
    return {
        "type": "object",
        "required": [required],
        "properties": properties,
        "additionalProperties": False,
    }


DETAILS = {"name": TEXT, "public": {"type": "boolean"}, "collaborative": {"type": "boolean"},
           "description": {"type": "string", "maxLength": 300}}  # fmt: skip
PAGES = {"limit", "offset", "market"}
ENTRY = {"type": "object", "required": ["added_at", "is_local"], "properties": {"item": ITEM}}
LIKED = {"type": "object", "required": ["added_at", "track"], "properties": {"track": TRACK}}
USER = {"type": "object", "required": ["account_id", "display_name", "id", "uri", "type"]}
FOUND = {"type": "object", "required": ["tracks"], "properties": {"tracks": paging(TRACK)}}

ROUTES: dict[tuple[str, str], tuple[set[str], Any, int, Any, str]] = {
    # method, path: parameters, body, status, answer, scope
    ("GET", "/me"): (set(), None, 200, USER, ""),
    ("GET", "/me/tracks"): (PAGES, None, 200, paging(LIKED), "user-library-read"),
    ("GET", "/me/playlists"): (PAGES, None, 200, paging(PLAYLIST), "playlist-read-private"),
    ("POST", "/me/playlists"): (set(), body("name", **DETAILS), 201, PLAYLIST, "playlist-modify"),
    ("GET", "/playlists/{id}/items"): (
        {*PAGES, "fields", "additional_types"}, None, 200, paging(ENTRY), "playlist-read-private",
    ),
    ("PUT", "/playlists/{id}/items"): (
        set(), body("uris", uris=URIS), 200, SNAPSHOT, "playlist-modify",
    ),
    ("POST", "/playlists/{id}/items"): (
        set(), body("uris", uris=URIS, position=COUNT), 201, SNAPSHOT, "playlist-modify",
    ),
    ("PUT", "/playlists/{id}"): (
        set(), {"type": "object", "properties": DETAILS, "additionalProperties": False}, 200, None,
        "playlist-modify",
    ),
    ("PUT", "/playlists/{id}/images"): (
        set(), {"type": "string", "maxLength": 256_000}, 202, None, "ugc-image-upload",
    ),
    ("GET", "/tracks/{id}"): ({"market"}, None, 200, TRACK, ""),
    ("GET", "/audio-features"): (
        {"ids"}, None, 200, {"type": "object", "required": ["audio_features"]}, "",
    ),
    ("GET", "/search"): ({*PAGES, "q", "type"}, None, 200, FOUND, ""),
}  # fmt: skip
ANSWERS = {
    route: jsonschema.Draft202012Validator(shape or {})
    for route, (_, _, _, shape, _) in ROUTES.items()
}
BODIES = {
    route: jsonschema.Draft202012Validator(shape or {"type": "null"})
    for route, (_, shape, _, _, _) in ROUTES.items()
}
REMOVED = re.compile(r"/playlists/\w+/tracks|/users/.*|/tracks|/audio-(features|analysis).*")
