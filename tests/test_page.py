"""The page of a report: what is in it, and what cannot get out of it."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from playlists.errors import PlaylistError
from playlists.report.document import view
from playlists.report.page import page
from tests.reports import HOSTILE, entry, playlist, with_files


class Elements(HTMLParser):
    """Reads a page as a browser does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        self.inside = True

    def handle_endtag(self, _: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[self.tags[-1][0]][-1] += data

    def having(self, **wanted: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements that have some."""
        return [said for _, said in self.tags if wanted.items() <= said.items()]


def made(folder: Path = Path("/nowhere"), **said: Any) -> str:
    """Return the page of a playlist."""
    return page(view(playlist(**said)), folder)


def data_of(text: str) -> Any:
    """Return what the script of a page is told."""
    elements = Elements(text)
    position = [said.get("type") for tag, said in elements.tags if tag == "script"]
    return json.loads(elements.texts["script"][position.index("application/json")])


def test_nothing_is_fetched() -> None:
    """No address of another machine is in the page, and no element loads anything."""
    text = made()
    assert "http" not in text.replace("http-equiv", "")
    loading = {"src", "srcset", "data", "action", "background", "poster"}
    for tag, said in Elements(text).tags:
        assert not loading & said.keys(), tag
    assert [s["href"] for t, s in Elements(text).tags if "href" in s] == ["data:,"]


def test_only_our_own_script_and_style_may_run() -> None:
    """The policy allows the one script and the one style, by their digests."""
    elements = Elements(made())
    (policy,) = elements.having(**{"http-equiv": "Content-Security-Policy"})
    said = str(policy["content"])
    assert "unsafe" not in said
    assert said.startswith("default-src 'none'")
    for tag in ("script", "style"):
        own = [
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            for text in elements.texts[tag]
        ]
        allowed = re.findall(rf"{tag}-src 'sha256-([^']+)'", said)
        assert allowed == [own[-1]], tag
    assert not any("style" in attributes for _, attributes in elements.tags)
    assert not any(name.startswith("on") for _, said in elements.tags for name in said)


def test_titles_are_texts() -> None:
    """A hostile title, artist, step, reason or workout adds no element, and is shown as it is."""
    usual = Elements(page(view(playlist(entry(0))), Path("/x")))
    hostile = playlist(
        entry(0, title=HOSTILE, artist=HOSTILE, step=HOSTILE, why=HOSTILE), workout=HOSTILE
    )
    for step in hostile["steps"]:
        step["name"] = HOSTILE
    hostile["shortfalls"][0] |= {"step": HOSTILE, "advice": HOSTILE}
    text = page(view(hostile), Path("/x"))
    broken = Elements(text)
    assert {tag for tag, _ in broken.tags} == {tag for tag, _ in usual.tags}
    assert len(broken.having(src="x")) == 0
    assert HOSTILE in broken.texts["h1"]
    assert data_of(text)["songs"][0]["title"] == HOSTILE


def test_all_songs_and_lacks_are_in_the_page() -> None:
    """The table has a row for each song, with why it is there; what lacks is said."""
    text = made()
    elements = Elements(text)
    assert len(elements.having(role="button")) == 20  # two arcs: wide and narrow
    assert [said["data-row"] for t, said in elements.tags if t == "tr" and "data-row" in said] == [
        str(n) for n in range(10)
    ]
    assert all(f"For song {n}, there is a reason." in text for n in range(10))
    assert "add songs" in text
    assert "Ann - Slow</bdi> would fit if it had 140 and not 70 BPM" in text
    assert text.count("cues: 0:00 work") == 1  # the second step begins with the sixth song


def test_no_time_without_music_is_no_lack_of_it() -> None:
    """Where others come near, no time without music is named."""
    near = playlist()
    near["shortfalls"][0] |= {"seconds": 0.2}
    assert "1 fit, 4 needed, 1:20 without" in made()
    assert "1 fit, 4 needed, others come near" in page(view(near), Path("/nowhere"))


def test_every_control_has_a_name() -> None:
    """Buttons and inputs have a text or a label, so that they can be found without sight."""
    text = made()
    for found in re.finditer(r"<(button|input|dialog|section)\b([^>]*)>(.*)", text):
        named = "aria-label" in found[2] or re.match(r"[^<\s]", found[3])
        assert named, found[0]


def test_songs_are_named_relative_to_the_page(tmp_path: Path) -> None:
    """A song beside the page, or elsewhere, has an address that a browser understands."""
    names = ["a song.mp3", "50% #1?.flac", "ümläut.ogg"]
    folder = tmp_path / "music"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    shown = view(with_files(*(folder / name for name in names), seconds=9.0))
    beside = [song["src"] for song in data_of(page(shown, folder))["songs"]]
    assert beside == ["a%20song.mp3", "50%25%20%231%3F.flac", "%C3%BCml%C3%A4ut.ogg"]
    above = [song["src"] for song in data_of(page(shown, tmp_path))["songs"]]
    assert above == [f"music/{name}" for name in beside]


def test_a_name_with_a_colon_is_no_scheme(tmp_path: Path) -> None:
    """A browser takes what stands before a colon for a scheme, unless a folder is before it."""
    (tmp_path / "run: fast.mp3").write_bytes(b"")
    shown = view(with_files(tmp_path / "run: fast.mp3", seconds=9.0))
    assert data_of(page(shown, tmp_path))["songs"][0]["src"] in {
        "run%3A%20fast.mp3", "./run:%20fast.mp3",
    }  # fmt: skip


def test_missing_songs_are_told(tmp_path: Path) -> None:
    """Songs whose file is gone are named in one sentence, and have no address."""
    (tmp_path / "here.mp3").write_bytes(b"")
    shown = view(with_files(tmp_path / "here.mp3", tmp_path / "gone.mp3", seconds=9.0))
    text = page(shown, tmp_path)
    assert "1 of 2 songs are not there, and pass in silence: Artist 1 - gone." in text
    assert [song["src"] for song in data_of(text)["songs"]] == ["here.mp3", ""]


def test_songs_can_be_part_of_the_page(tmp_path: Path) -> None:
    """An embedded song is there byte by byte, so that no file is needed."""
    (tmp_path / "a.mp3").write_bytes(bytes(range(256)))
    text = page(view(with_files(tmp_path / "a.mp3", seconds=9.0)), tmp_path, embed=True)
    elements = Elements(text)
    (music,) = elements.having(**{"class": "music"})
    assert (music["data-type"], music["data-song"]) == ("audio/mpeg", "0")
    assert data_of(text)["songs"][0]["src"] == ""
    packed = next(t for t in elements.texts["script"] if t.startswith("AAEC"))
    assert base64.b64decode(packed) == bytes(range(256))


def test_only_music_goes_along(tmp_path: Path) -> None:
    """A playlist that names another file, or a folder, brings nothing of it into the page."""
    secret = tmp_path / "secret.txt"
    secret.write_text("AAECAw")
    (tmp_path / "folder.mp3").mkdir()
    shown = view(with_files(secret, tmp_path / "folder.mp3", seconds=9.0))
    text = page(shown, tmp_path, embed=True)
    assert Elements(text).having(**{"class": "music"}) == []
    assert [song["src"] for song in data_of(page(shown, tmp_path))["songs"]] == ["", ""]


def test_what_is_not_known_is_left_out() -> None:
    """A playlist that was measured by no workout has no steps, and promises none."""
    unknown = dict.fromkeys(("target_bpm", "target_energy", "confidence", "why", "level"))
    text = page(view(playlist(entry(0, **unknown), steps=[], wanted=[], shortfalls=[])), Path("/x"))
    assert "wanted tempo" not in text
    assert "What the library lacks" not in text


def test_no_song_no_page() -> None:
    """An empty playlist is refused with a sentence."""
    with pytest.raises(PlaylistError, match="no song"):
        view(playlist() | {"entries": []})
