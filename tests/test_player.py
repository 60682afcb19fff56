"""The page of a report in a real browser: it opens, plays, listens to keys, and fits a phone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.synth import save, song
from playlists.report.document import view
from playlists.report.page import page
from tests.reports import HOSTILE, entry, playlist, with_files

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DESK, PHONE = (1280, 800), (390, 844)
SECONDS = 6.0
PATIENCE = 400
"""Twentieths of a second: a busy machine may need some."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium without a window, where the machine has one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: none of {', '.join(NAMES)}")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return three short songs with names that addresses must encode."""
    folder = tmp_path_factory.mktemp("my music")
    names = ("one.flac", "50% #2?.wav", "drei ü.ogg")
    return [
        save(folder / name, song(120 + 10 * n, SECONDS, "rock", seed=n))
        for n, name in enumerate(names)
    ]


@dataclass
class Opened:
    """A page in the browser, what it complained about, and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return the text of an element by its ID."""
        return self.page.inner_text(f"#{name}")

    def audio(self, what: str) -> Any:
        """Return a property of the audio element that plays."""
        return self.page.evaluate(f"decks[player.deck].{what}")

    def until(self, condition: str) -> None:
        """Wait until something is true; Playwright's own way is against the page's policy."""
        for _ in range(PATIENCE):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never: {condition}")

    def plays(self) -> None:
        """Wait until music is heard."""
        self.until("player.playing && decks[player.deck].currentTime > 0.2")


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Return a function that opens the report of a playlist; it must not complain."""
    opened = []

    def show(said: dict[str, Any], size: tuple[int, int] = DESK, **options: Any) -> Opened:
        path = tmp_path / "report.html"
        path.write_text(page(view(said), tmp_path, **options), "utf-8")
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height})
        one = Opened(context.new_page())
        one.page.on("console", lambda message: one.complaints.append(message.text))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.set_default_timeout(20_000)
        one.page.goto(path.as_uri())
        opened.append(one)
        return one

    yield show
    for one in opened:
        one.page.context.close()
        assert one.complaints == []
        assert all(url.startswith(("file:", "data:", "blob:")) for url in one.requests)


def test_keys_play_real_files(shown: Any, songs: list[Path]) -> None:
    """Space plays and pauses; the arrows go to the next and previous song; the page says what."""
    one = shown(with_files(*songs, seconds=SECONDS))
    assert one.page.get_attribute(".player .toggle", "aria-label") == "Play"
    one.page.keyboard.press("Space")
    one.plays()
    assert one.audio("error") is None
    assert one.page.get_attribute(".player .toggle", "aria-label") == "Pause"
    assert "one" in one.text("p-song")
    one.page.keyboard.press("ArrowRight")
    one.plays()
    assert "50% #2?" in one.text("p-song")
    assert one.page.locator("tr.current").get_attribute("data-row") == "1"
    one.page.keyboard.press("Space")
    assert one.audio("paused")
    one.page.keyboard.press("ArrowLeft")
    assert "Artist 0" in one.text("p-song")


def test_one_song_follows_another(shown: Any, songs: list[Path]) -> None:
    """At the end of a song the next one starts by itself, from its beginning."""
    one = shown(with_files(*songs, seconds=SECONDS))
    one.page.keyboard.press("Space")
    one.plays()
    one.page.evaluate(f"seek({SECONDS - 0.8})")
    one.until("player.index === 1 && decks[player.deck].currentTime > 0.1")
    assert one.audio("currentTime") < SECONDS / 2
    one.page.evaluate(f"seek({3 * SECONDS - 0.8})")
    one.until("!player.playing && player.index === 0")


def test_the_floor_display_is_large_and_right(shown: Any, songs: list[Path]) -> None:
    """F shows tempo, step and times across the screen, and leaves again."""
    one = shown(with_files(*songs, seconds=SECONDS))
    one.page.keyboard.press("f")
    one.page.wait_for_selector("#floor[open]")
    assert [one.text(name) for name in ("f-bpm", "f-step", "f-count", "f-left")] == [
        "120", "WARM-UP", "1/2", "0:09",
    ]  # fmt: skip
    assert one.text("f-cue") == "then work, 95 %"
    assert one.page.locator("#f-bpm").bounding_box()["height"] > DESK[1] / 4
    one.page.evaluate(f"seek({SECONDS * 2})")
    assert "84-92 a minute" in one.text("f-cadence")
    assert one.text("f-cue") == "then done"
    one.page.keyboard.press("f")
    one.page.wait_for_selector("#floor", state="hidden")


@pytest.mark.parametrize("size", [PHONE, (844, 390), (320, 568), DESK, (1920, 1080)])
def test_nothing_is_cut_off(shown: Any, size: tuple[int, int]) -> None:
    """Page and floor display fit every screen, with long titles, hours and no break in a name."""
    said = playlist(*(entry(n, duration=1500.0, title="Verylongword" * 9) for n in range(9)))
    said["steps"][0]["name"] = "a very long name of a step that nobody can remember"
    one = shown(said, size)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    one.page.keyboard.press("f")
    one.page.wait_for_selector("#floor[open]")
    for name in ("f-bpm", "f-left", "f-cue", "f-total", "leave-floor"):
        assert _is_inside(one.page.locator(f"#{name}"), size), name


def test_a_printed_page_is_a_class_sheet(shown: Any) -> None:
    """On paper an hour of songs takes one page, in light colors, with every song in full width."""
    said = playlist(
        *(entry(n, title="A song of a usual title", why="Why. " * 40) for n in range(14))
    )
    one = shown(said, (800, 1100))
    assert one.page.locator("td.song").first.bounding_box()["width"] > 200
    light = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    one.page.keyboard.press("d")
    assert one.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    one.page.emulate_media(media="print")
    assert one.page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    assert one.page.pdf(format="A4").count(b"/Type /Page\n") == 1


def _is_inside(element: Locator, size: tuple[int, int]) -> bool:
    box = element.bounding_box()
    assert box is not None
    return (
        box["x"] >= -1
        and box["y"] >= -1
        and box["x"] + box["width"] <= size[0] + 1
        and box["y"] + box["height"] <= size[1] + 1
    )


def test_hostile_titles_do_nothing(shown: Any) -> None:
    """What a title holds is shown as text, and never run."""
    songs = [entry(n, title=HOSTILE, artist=HOSTILE, step=HOSTILE, why=HOSTILE) for n in range(2)]
    one = shown(playlist(*songs, workout=HOSTILE))
    one.page.keyboard.press("Space")
    one.page.keyboard.press("f")
    one.page.wait_for_selector("#floor[open]")
    assert one.page.evaluate("window.broken") is None
    assert HOSTILE in one.text("f-now")
    assert one.page.locator("img").count() == 0


def test_the_arc_tells_why(shown: Any) -> None:
    """With pointer or keys, a song of the arc says its tempo, energy, confidence and reason."""
    one = shown(playlist())
    one.page.locator("svg.wide g.song").nth(4).hover()
    assert one.text("d-why") == "For song 4, there is a reason."
    assert (one.text("d-bpm"), one.text("d-target")) == ("132 BPM", "wanted 134")
    assert (one.text("d-energy"), one.text("d-sure")) == ("0.40", "0.90")
    one.page.mouse.move(0, 0)
    one.page.locator("svg.wide g.song").first.focus()
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("ArrowRight")
    assert one.text("d-why") == "For song 2, there is a reason."
    one.page.keyboard.press("Enter")
    assert one.page.evaluate("player.index") == 2


def test_songs_that_are_no_files_run_by_the_clock(shown: Any) -> None:
    """Without a file to play, the display runs along with another player."""
    one = shown(playlist())
    assert "no files here" in one.text("missing")
    one.page.keyboard.press("Space")
    one.until("position() > 0.5")
    one.page.keyboard.press("Shift+ArrowRight")
    assert one.page.evaluate("position()") > 10


def test_a_file_that_goes_is_told(shown: Any, tmp_path: Path) -> None:
    """A song that the browser cannot play is named, and the display goes on."""
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no music")
    one = shown(with_files(broken, seconds=30.0))
    one.page.keyboard.press("Space")
    one.page.wait_for_selector("#missing:not([hidden])")
    assert "Artist 0 - broken: cannot be played here" in one.text("missing")
    one.until("player.playing && position() > 0.3")


def test_an_embedded_song_plays(shown: Any, songs: list[Path]) -> None:
    """A page that holds its songs needs no file."""
    one = shown(with_files(songs[0], seconds=SECONDS), embed=True)
    one.page.keyboard.press("Space")
    one.plays()
    assert one.audio("src").startswith("blob:")


@pytest.mark.parametrize(("size", "keys"), [(DESK, ""), (PHONE, "d"), (PHONE, "f")])
def test_nobody_is_shut_out(shown: Any, size: tuple[int, int], keys: str) -> None:
    """axe-core finds no barrier: names, roles, contrast and order are as WCAG asks."""
    one = shown(playlist(), size)
    for key in keys:
        one.page.keyboard.press(key)
    if keys == "f":
        one.page.wait_for_selector("#floor[open]")
    found = Axe().run(one.page)
    assert [each["help"] for each in found.response["violations"]] == []
    assert len(found.response["passes"]) > 10


def test_colors_and_help(shown: Any) -> None:
    """D changes between light and dark; the question mark shows the keys."""
    one = shown(playlist())
    ground = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(ground)
    one.page.keyboard.press("d")
    assert one.page.evaluate(ground) != light
    one.page.keyboard.press("?")
    assert one.page.locator("#help").is_visible()
    assert "play or pause" in one.text("help")
