"""Tempos from Deezer, where the user asks for them: its own, and those of its sound clips.

Both are for personal, non-commercial use. Deezer's own tempo is missing for about half of its
tracks. A clip is 30 s of a track; its terms forbid to keep it, so it is measured in memory, and
only what was measured is kept. What is sent is an ISRC, or artist and title.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from playlists.numbers import Said, is_usable, of_bpm
from playlists.recording import Recording, best, difference
from playlists.titles import base
from playlists.web import Service, UnansweredError, fetch
from tempo.errors import AudioError
from tempo.published import LEVEL
from tempo.track import Analysis

PACE = 0.1
"""Seconds between questions: Deezer takes 50 in 5 s."""
BUSY, WINDOW = (4, 700), 5.0
"""Its errors when asked too often, by one or by all, in an answer of status 200, and seconds until
that is over."""
CLIP_BYTES = 2_000_000
"""Four times what 30 s take at 128 kbit/s."""
CLIP_HOST = re.compile(r"https?://([\w-]+\.)+dzcdn\.net/.*")
"""Where clips lie; no other host is asked for sound, but that of the service itself."""
TRUST = 0.9
"""Share of its confidence that the tempo of a clip keeps: it may be a part without a beat."""


@dataclass(slots=True)
class Deezer:
    """Deezer, with what it said in this run.

    Attributes
    ----------
    service : Service
    measure : callable
        Measures a clip; `tempo.analysis.measure_clip`.
    """

    service: Service
    measure: Callable[[bytes], Analysis]
    _rows: dict[Recording, dict[str, Any] | None] = field(default_factory=dict)

    def tempos(self, wanted: Sequence[Recording]) -> Said:
        """Yield Deezer's own tempos, as `playlists.numbers.Source` does."""
        for one in wanted:
            yield one, of_bpm(one, (self._row(one) or {}).get("bpm"))

    def clips(self, wanted: Sequence[Recording]) -> Said:
        """Yield what is measured in Deezer's clips, as `playlists.numbers.Source` does."""
        for one in wanted:
            yield one, self._clip(one)

    def _clip(self, one: Recording) -> Analysis | None:
        sound = self._sound(one)
        if sound is None:
            self._rows.pop(one, None)  # addresses of clips end; a new one is asked for, once
            sound = self._sound(one)
        try:
            found = self.measure(sound) if sound else None
        except AudioError:
            return None
        if found is None or not found.tempo.candidates:
            return None
        tempo = replace(found.tempo, confidence=TRUST * found.tempo.confidence)
        # Thirty seconds from the middle say nothing of how the track begins and rises.
        seconds = one.seconds or found.duration
        return replace(found, duration=seconds, tempo=tempo, build=LEVEL, intro=0.0)

    def _sound(self, one: Recording) -> bytes | None:
        """Return the clip; nothing where there is none, None where its address has ended."""
        url = (self._row(one) or {}).get("preview")
        own = isinstance(url, str) and url.startswith(f"{self.service.url}/")
        if not isinstance(url, str) or not (own or CLIP_HOST.fullmatch(url)):
            return b""
        return fetch(url, CLIP_BYTES)

    # ------------------------------------------------------------- looking up

    def _row(self, one: Recording) -> dict[str, Any] | None:
        if one not in self._rows:
            self._rows[one] = self._by_isrc(one) or self._by_name(one)
        return self._rows[one]

    def _by_isrc(self, one: Recording) -> dict[str, Any] | None:
        row = self._ask(f"/track/isrc:{one.isrc}") if one.isrc else None
        return row if row and not difference(one, _recording(row)) else None

    def _by_name(self, one: Recording) -> dict[str, Any] | None:
        for query in _queries(one):
            rows = (self._ask("/search", q=query) or {}).get("data")
            found = map(_recording, filter(_is_row, rows if isinstance(rows, list) else []))
            match, _ = best(one, found)
            if match:
                return self._ask(f"/track/{match.uri}")
        return None

    def _ask(self, path: str, **params: str) -> dict[str, Any] | None:
        """Return Deezer's answer, or None where it knows nothing."""
        answer = self._paced(path, **params)
        if _error(answer) in BUSY and self.service.max_wait >= WINDOW:
            self.service.sleep(WINDOW)
            answer = self._paced(path, **params)
        if _error(answer) in BUSY:
            raise UnansweredError(self.service.url)
        return None if "error" in answer else answer

    def _paced(self, path: str, **params: str) -> dict[str, Any]:
        self.service.sleep(PACE)
        return self.service.ask(path, **params)


def _error(answer: dict[str, Any]) -> object:
    said = answer.get("error")
    return said.get("code") if isinstance(said, dict) else None


def _queries(one: Recording) -> Iterator[str]:
    """Yield what to search for; with a guest or a remaster in the title, Deezer finds nothing."""
    artist, title = (text.replace('"', " ") for text in (one.artist.split(",")[0], base(one.title)))
    if artist.strip() and title.strip():
        yield f'artist:"{artist}" track:"{title}"'
        yield f"{artist} {title}"


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("artist"), dict)


def _recording(row: dict[str, Any]) -> Recording:
    artist = row.get("artist")
    name = artist.get("name") if isinstance(artist, dict) else None
    seconds: Any = row.get("duration")
    return Recording(
        str(row.get("title") or ""),
        str(name or ""),
        float(seconds) if is_usable("duration", seconds) else None,
        str(row.get("isrc") or "").upper(),
        str(row.get("id") or ""),
    )
