"""A Spotify of our own: accounts and Web API as a new app meets them in 2026.

It keeps state, checks each request against `tests.spotify_schema.ROUTES`, and fails on demand.
`mode` is `dev2026` (a new app), `grandfathered` (old and new keys) or `extended`.
"""

import base64
import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.spotify_schema import BODIES, REMOVED, ROUTES

Answer = tuple[int, Any]
ALL_SCOPES = (
    "playlist-read-private playlist-read-collaborative user-library-read playlist-modify-private"
)
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass
class Fault:
    """Something that goes wrong, once or several times."""

    method: str
    path: str
    status: int = 502
    body: Any = "Bad gateway."
    headers: dict[str, str] = field(default_factory=dict)
    after_commit: bool = False
    """The request is carried out all the same."""
    how: str = "answer"
    """`answer`, `drop` the connection, `truncate` the answer, or `hang`."""
    skip: int = 0
    """Matching requests that go well first."""
    times: int = 1


@dataclass(frozen=True)
class Call:
    """A request and what came of it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    answer: Any


@dataclass
class Playlist:
    """A playlist on the fake account."""

    name: str
    description: str = ""
    public: bool = False
    owner: str = "runner"
    uris: list[str] = field(default_factory=list)
    snapshot: int = 0
    cover: bytes = b""
    """JPEG."""


def make_track(
    number: int, title: str = "", artist: str = "", seconds: float = 200.0, isrc: str | None = ""
) -> dict[str, Any]:
    """Return a track as the API shows it; its ID follows from its number."""
    digits = ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    artists = [
        {"external_urls": {}, "href": "", "id": "a" * 22, "name": name, "type": "artist",
         "uri": "spotify:artist:" + "a" * 22}
        for name in (artist or f"Artist {int(digits, 36) % 40}").split("; ")
    ]  # fmt: skip
    own = f"USFAK{int(digits, 36) % 10_000_000:07}"
    album = {"album_type": "single", "artists": artists, "available_markets": [],
             "external_urls": {}, "href": "",
             "id": "b" * 22, "images": [], "name": "Album", "release_date": "2025-01-13",
             "release_date_precision": "day", "total_tracks": 5, "type": "album",
             "uri": "spotify:album:" + "b" * 22}  # fmt: skip
    return {
        "album": album, "artists": artists, "disc_number": 1, "duration_ms": round(1000 * seconds),
        "explicit": False, "external_ids": {} if isrc is None else {"isrc": isrc or own},
        "external_urls": {"spotify": f"https://open.spotify.com/track/{digits}"},
        "href": f"https://api.spotify.com/v1/tracks/{digits}", "id": digits, "is_local": False,
        "is_playable": True, "name": title or f"Song {digits[-4:]}", "preview_url": None,
        "track_number": 1, "type": "track", "uri": f"spotify:track:{digits}",
    }  # fmt: skip


def deezer_track(
    number: int, title: str, artist: str, *, isrc: str = "", bpm: float = 0.0, preview: str = "",
    seconds: int = 200,
) -> dict[str, Any]:  # fmt: skip
    """Return a track as Deezer shows it; 0 and the empty text are unknown."""
    return {
        "id": number, "readable": True, "title": title, "isrc": isrc, "duration": seconds,
        "preview": preview, "bpm": bpm, "gain": -12.4, "type": "track",
        "artist": {"id": 27, "name": artist, "type": "artist"},
    }  # fmt: skip


def getsong_song(title: str, artist: str, tempo: str) -> dict[str, Any]:
    """Return a song as GetSongBPM shows it, with its tempo as a text."""
    return {"id": title, "title": title, "tempo": tempo, "time_sig": "4/4",
            "artist": {"id": "x", "name": artist}}  # fmt: skip


class FakeSpotify:
    """The state of the fake, and what it was asked."""

    def __init__(self, mode: str = "dev2026") -> None:
        self.mode = mode
        self.url = ""
        self.tracks: dict[str, dict[str, Any]] = {}
        self.liked: list[str] = []
        self.playlists: dict[str, Playlist] = {}
        self.entries: dict[str, list[Any]] = {}
        """Odd playlists that are only read, by ID."""
        self.calls: list[Call] = []
        self.token_requests: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[Fault] = []
        self.access: dict[str, str] = {}
        """Scope of each token that is accepted."""
        self.refresh_tokens: set[str] = {"refresh-0"}
        self.rotates = False
        self.declines = False
        self.codes: dict[str, dict[str, str]] = {}
        self.lock = threading.RLock()
        self.features: dict[str, dict[str, Any]] = {}
        self.recco: dict[str, dict[str, Any]] = {}
        """What Spotify and ReccoBeats measured, by ID."""
        self.deezer: list[dict[str, Any]] = []
        """Deezer's tracks; see `deezer_track`."""
        self.clips: dict[str, bytes] = {}
        """Deezer's sound clips, by name."""
        self.songs: list[dict[str, Any]] = []
        """GetSongBPM's songs; see `getsong_song`."""
        self.foreign: list[tuple[str, dict[str, str], dict[str, str]]] = []
        """Path, query and headers of each request to a service other than Spotify."""
        self.links_to = ""
        """Where `next` leads, if not to this fake."""
        self.wrong: list[str] = []
        """What broke the rules, on either side."""

    def add(self, *tracks: dict[str, Any], liked: bool = False) -> list[str]:
        """Put tracks into the catalog, and among the liked songs; return their URIs."""
        self.tracks |= {track["id"]: track for track in tracks}
        if liked:
            self.liked += [track["id"] for track in tracks]
        return [track["uri"] for track in tracks]

    def token(self, scope: str = "", *, seconds: float = 3600) -> dict[str, Any]:
        """Return a sign-in that is accepted, as spotipy stores it."""
        scope = scope or ALL_SCOPES
        return {
            **self._issue(scope),
            "refresh_token": "refresh-0",
            "expires_at": int(time.time() + seconds),
        }

    def _issue(self, scope: str) -> dict[str, Any]:
        access = f"secret-{secrets.token_hex(16)}"
        self.access[access] = scope
        return {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "scope": scope}

    def count(self, method: str = "", path: str = "") -> int:
        """Return how often something was asked."""
        return sum(
            (not method or call.method == method) and bool(re.search(path, call.path))
            for call in self.calls
        )

    # ---------------------------------------------------------------- answers

    def authorize(self, query: dict[str, str]) -> str:
        """Return the address that the browser is sent to."""
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        said = {"error": "access_denied"} if self.declines else {"code": code}
        return f"{query['redirect_uri']}?{urlencode(said | {'state': query['state']})}"

    def grant(self, form: dict[str, str]) -> Answer:
        """Answer a request for a token."""
        self.token_requests.append(form)
        if form["grant_type"] == "refresh_token":
            return self._refreshed(form["refresh_token"])
        asked = self.codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        same = asked and all(asked[key] == form[key] for key in ("client_id", "redirect_uri"))
        if not asked or not same or asked["code_challenge"] != challenge:
            return 400, {
                "error": "invalid_grant",
                "error_description": "Invalid authorization code",
            }
        return 200, {**self._issue(asked["scope"]), "refresh_token": "refresh-0"}

    def _refreshed(self, given: str) -> Answer:
        if given not in self.refresh_tokens:
            return 400, {"error": "invalid_grant", "error_description": "Refresh token revoked"}
        issued = self._issue(ALL_SCOPES)
        if not self.rotates:
            return 200, issued
        fresh = f"refresh-{secrets.token_hex(4)}"
        self.refresh_tokens = {fresh}
        return 200, {**issued, "refresh_token": fresh}

    def answer(
        self, method: str, path: str, query: dict[str, str], body: Any, scope: str
    ) -> Answer:
        """Answer a request to the Web API of a known user."""
        if REMOVED.fullmatch(path) and not (self.mode == "extended" and path == "/audio-features"):
            return error(403, "Forbidden")
        for (known, pattern), (params, _, status, _, needed) in ROUTES.items():
            found = re.fullmatch(pattern.replace("{id}", r"(\w+)"), path)
            if known == method and found:
                if not set(query) <= params:
                    self.wrong.append(f"{method} {path} has parameters {query}")
                for problem in BODIES[method, pattern].iter_errors(body):
                    self.wrong.append(f"{method} {path}: {problem.message}")
                if needed not in scope:
                    return error(403, "Insufficient client scope")
                name = f"_{method.lower()}_{re.sub('[^a-z]+', '_', pattern).strip('_')}"
                answered: Answer = getattr(self, name)(*found.groups(), query, body)
                return answered if answered[0] else (status, answered[1])
        self.wrong.append(f"{method} {path} is no request of 2026")
        return error(404, "Service not found")

    def _get_me(self, *_: Any) -> Answer:
        user = {"account_id": "aB3dE5fG7h", "display_name": "Runner", "external_urls": {},
                "href": f"{self.url}/v1/users/runner", "id": "runner", "images": [],
                "type": "user", "uri": "spotify:user:runner"}  # fmt: skip
        return 0, user

    def _get_me_tracks(self, query: dict[str, str], _: Any) -> Answer:
        added = "2026-02-23T13:28:26Z"
        return self._page("/me/tracks", query, [
            {"added_at": added, "track": self.tracks[each]} for each in self.liked
        ])  # fmt: skip

    def _get_me_playlists(self, query: dict[str, str], _: Any) -> Answer:
        shown = [self._playlist(key) for key in reversed(self.playlists)]
        return self._page("/me/playlists", query, shown)

    def _post_me_playlists(self, _: Any, body: Any) -> Answer:
        key = make_track(10_000 + len(self.playlists))["id"]
        public = body.get("public", True)
        self.playlists[key] = Playlist(body["name"], body.get("description", ""), public)
        items = self._page(f"/playlists/{key}/items", {}, [])[1]
        return 0, self._playlist(key) | {"items": items}

    def _get_playlists_id_items(self, key: str, query: dict[str, str], _: Any) -> Answer:
        if key in self.entries:
            return self._page(f"/playlists/{key}/items", query, self.entries[key])
        if refused := self._refused(key):
            return refused
        status, page = self._page(f"/playlists/{key}/items", query, self.playlists[key].uris)
        if not status:
            page["items"] = [self._entry(uri) for uri in page["items"]]
        return status, page

    def _put_playlists_id_items(self, key: str, _: Any, body: Any) -> Answer:
        return self._refused(key, body["uris"]) or self._write(key, body["uris"])

    def _post_playlists_id_items(self, key: str, _: Any, body: Any) -> Answer:
        if refused := self._refused(key, body["uris"]):
            return refused
        uris = list(self.playlists[key].uris)
        at = body.get("position", len(uris))
        return self._write(key, uris[:at] + body["uris"] + uris[at:])

    def _put_playlists_id(self, key: str, _: Any, body: Any) -> Answer:
        if refused := self._refused(key):
            return refused
        for name, value in body.items():
            setattr(self.playlists[key], name, value)
        return 0, None

    def _put_playlists_id_images(self, key: str, _: Any, body: Any) -> Answer:
        if refused := self._refused(key):
            return refused
        self.playlists[key].cover = base64.b64decode(body, validate=True)
        return 0, None

    def _get_tracks_id(self, key: str, *_: Any) -> Answer:
        return (0, self.tracks[key]) if key in self.tracks else error(404, "Resource not found")

    def _get_audio_features(self, query: dict[str, str], _: Any) -> Answer:
        return 0, {"audio_features": [self.features.get(key) for key in query["ids"].split(",")]}

    def reccobeats(self, ids: str) -> Answer:
        """Answer as ReccoBeats does: in another order, without what it does not know."""
        keys = ids.split(",")[:40]
        link = "https://open.spotify.com/track/"
        rows = [{**self.recco[key], "href": link + key} for key in keys if key in self.recco]
        return 200, {"content": rows[::-1]}

    def deezer_answer(self, path: str, query: dict[str, str]) -> Answer:
        """Answer as Deezer does: an error has status 200, and what is unknown is 0 or empty."""
        if path == "/search":
            words = re.findall(r"\w+", re.sub("(artist|track):", "", query["q"]).casefold())
            rows = [
                {key: value for key, value in one.items() if key != "bpm"}
                for one in self.deezer
                if all(
                    word in f"{one['title']} {one['artist']['name']}".casefold() for word in words
                )
            ]
            return 200, {"data": rows, "total": len(rows)}
        wanted = path.removeprefix("/track/")
        for one in self.deezer:
            if wanted in {f"isrc:{one['isrc']}", str(one["id"])}:
                return 200, one
        gone = {"type": "DataException", "message": "no data", "code": 800}
        return 200, {"error": gone}

    def getsong_answer(self, query: dict[str, str]) -> Answer:
        """Answer as GetSongBPM does: nothing found is no empty list but an error."""
        title, artist = query["lookup"].removeprefix("song:").split(" artist:")
        found = [
            one for one in self.songs
            if title.casefold() in one["title"].casefold()
            and artist.casefold() in one["artist"]["name"].casefold()
        ]  # fmt: skip
        return 200, {"search": found or {"error": "no result"}}

    def _get_search(self, query: dict[str, str], _: Any) -> Answer:
        if int(query.get("limit", 5)) > 10:
            return error(400, "Invalid limit")
        wanted = re.findall(r'(isrc|track|artist):("[^"]*"|\S+)', query["q"])
        found = [track for track in self.tracks.values() if all(
            text.strip('"').casefold() in field_of(track, name).casefold() for name, text in wanted
        )]  # fmt: skip
        status, page = self._page("/search", {"limit": "5", **query}, found, most=10)
        return status, {"tracks": page}

    # ---------------------------------------------------------------- pieces

    def _page(self, path: str, query: dict[str, str], items: list[Any], most: int = 50) -> Answer:
        limit, offset = int(query.get("limit", 20)), int(query.get("offset", 0))
        if limit > most:
            return error(400, "Invalid limit")
        here = f"{self.links_to or self.url}/v1{path}?limit={limit}&offset="
        return 0, {
            "href": f"{here}{offset}", "limit": limit, "offset": offset, "total": len(items),
            "next": f"{here}{offset + limit}" if offset + limit < len(items) else None,
            "previous": f"{here}{max(0, offset - limit)}" if offset else None,
            "items": items[offset : offset + limit],
        }  # fmt: skip

    def _playlist(self, key: str) -> dict[str, Any]:
        one = self.playlists[key]
        count = {"href": f"{self.url}/v1/playlists/{key}/items", "total": len(one.uris)}
        shown = {
            "collaborative": False, "description": one.description.replace("&", "&amp;"),
            "external_urls": {"spotify": f"https://open.spotify.com/playlist/{key}"},
            "href": f"{self.url}/v1/playlists/{key}", "id": key, "images": [], "name": one.name,
            "owner": user(one.owner), "primary_color": None, "public": one.public,
            "snapshot_id": f"AAAA{one.snapshot}", "items": count, "type": "playlist",
            "uri": f"spotify:playlist:{key}",
        }  # fmt: skip
        return shown if self.mode == "dev2026" else shown | {"tracks": count}

    def _entry(self, uri: str) -> dict[str, Any]:
        track = self.tracks.get(uri.rpartition(":")[2])
        entry = {
            "added_at": "2025-07-29T21:11:55Z",
            "added_by": user("runner"),
            "is_local": False,
            "primary_color": None,
            "video_thumbnail": {"url": None},
            "item": track,
        }
        return entry if self.mode == "dev2026" else entry | {"track": track}

    def _refused(self, key: str, uris: list[str] = []) -> Answer | None:  # noqa: B006 - only read
        if key not in self.playlists:
            return error(404, "Resource not found")
        if self.playlists[key].owner != "runner":
            return error(403, "Forbidden")
        if len(uris) > 100:
            return error(400, "Too many ids requested")
        bad = [uri for uri in uris if uri.rpartition(":")[2] not in self.tracks]
        return error(400, f"Invalid track uri: {bad[0]}") if bad else None

    def _write(self, key: str, uris: list[str]) -> Answer:
        one = self.playlists[key]
        one.uris, one.snapshot = uris, one.snapshot + 1
        return 0, {"snapshot_id": f"AAAA{one.snapshot}"}

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Return what is to go wrong with a request, and use it up."""
        for fault in self.faults:
            if fault.times and fault.method in {method, "ANY"} and re.fullmatch(fault.path, path):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


def field_of(track: dict[str, Any], name: str) -> str:
    """Return what a search filter looks at."""
    match name:
        case "isrc":
            return str(track["external_ids"].get("isrc", ""))
        case "track":
            return str(track["name"])
        case _:
            return " ".join(artist["name"] for artist in track["artists"])


def user(name: str) -> dict[str, Any]:
    """Return a user as playlists name them."""
    return {"display_name": None, "external_urls": {}, "href": "", "id": name, "type": "user",
            "uri": f"spotify:user:{name}"}  # fmt: skip


def error(status: int, message: str, reason: str = "") -> Answer:
    """Return an error as Spotify words it."""
    said = {"status": status, "message": message}
    return status, {"error": said | ({"reason": reason} if reason else {})}


def quota(after: int = 48_925) -> dict[str, Any]:
    """Return what makes a `Fault` an exhausted quota."""
    _, body = error(429, "Too many requests", "QUOTA_EXCEEDED")
    return {"status": 429, "body": body, "headers": {"Retry-After": str(after)}}
