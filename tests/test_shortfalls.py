"""What a library lacks for a workout is said so that something can be done about it."""

from dataclasses import replace

import numpy as np
import pytest

from playlists.choosing import with_pins
from playlists.playlist import Mode, Playlist
from playlists.pool import pool
from playlists.rules import Pin
from playlists.screen import lack, summary
from playlists.sequencing import sequence
from playlists.settings import load
from playlists.supply.look import by_tempo
from playlists.supply.shortfalls import beside_pins
from playlists.supply.supplies import supply
from playlists.targets import targets
from tempo.track import TempoCandidate, Track
from tests.crates import song
from tests.plans import parse

SETTINGS = load()


def made(plan: str, tracks: list[Track], mode: Mode = "async") -> Playlist:
    """Return the playlist for a plan."""
    return sequence(parse(plan), tracks, settings=SETTINGS, mode=mode)


def unsure(name: str, bpm: float) -> Track:
    """Return a track whose tempo is doubtful, and heard at one level only."""
    track = song(name, bpm=bpm, energy=0.9, confidence=0.3)
    tempo = replace(track.analysis.tempo, candidates=(TempoCandidate(bpm, 1.0),))
    return replace(track, analysis=replace(track.analysis, tempo=tempo))


def test_doubtful_tracks_that_would_count_are_named() -> None:
    """Tracks at half of the tempo are named if it is doubtful, and only those."""
    tracks = [unsure("half", 67), song("sure", bpm=67, energy=0.9), unsure("far", 90)]
    (lacking,) = made("20m 95%", tracks).shortfalls
    assert [(each.track.title, each.bpm) for each in lacking.doubtful] == [("half", 134.0)]
    assert "“half” would fit if it had 134 and not 67 BPM" in lack(lacking)
    assert "--double" in lack(lacking)


def test_no_time_without_music_is_no_lack_of_it() -> None:
    """Where too few tracks fit, and others come near, no time without music is named."""
    (lacking,) = made("20m 95%", [song("slow", bpm=67)]).shortfalls
    assert "without music that fits" in lack(lacking)
    assert "needed 6, others come near;" in lack(replace(lacking, needed=6, seconds=0.2))


@pytest.mark.parametrize(
    ("plan", "mode"), [("20m 95%", "sync"), ("20m 30%", "async"), ("20m 95%", "async")]
)
def test_no_correction_without_need(plan: str, mode: Mode) -> None:
    """In sync any level is followed, and what has no energy or fits anyway needs no correction."""
    tracks = [unsure("half", 86)] if mode == "sync" else [song(f"{i}", bpm=135) for i in range(9)]
    for lacking in made(plan, tracks, mode).shortfalls:
        assert lacking.doubtful == ()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (60, "add 5 tracks of that tempo"),
        (200, "needed elsewhere, or of"),
        (500, "are too long"),
    ],
)
def test_tracks_of_the_wrong_length_are_not_needed_elsewhere(seconds: float, expected: str) -> None:
    """Where enough tracks fit and do not fill the effort, it is said whether length is why."""
    tracks = [song(f"{i}", bpm=135, energy=0.87, duration=seconds) for i in range(3)]
    found = by_tempo(pool(tracks), np.arange(3))
    goal = targets(parse("8m 95%"), SETTINGS)
    assert expected in supply(found, goal.blocks, goal, SETTINGS).advice


@pytest.mark.parametrize(
    ("fitting", "others", "expected"),
    [
        ([], [], (0, 6)),
        ([], [120] * 3, (0, 10)),
        ([300] * 5, [120] * 9, (5, 4)),
        ([300, 300], [120] * 9, (2, 7)),
        ([90], [120] * 9, (1, 11)),
    ],
)
def test_tracks_are_counted_as_long_as_they_are(
    fitting: list[float], others: list[float], expected: tuple[int, int]
) -> None:
    """What lacks is counted in songs as long as the library has them; what fits, as it is."""
    tracks = [
        *(song(f"fits {i}", bpm=135, energy=0.87, duration=d) for i, d in enumerate(fitting)),
        *(song(f"other {i}", bpm=90, energy=0.2, duration=d) for i, d in enumerate(others)),
    ]
    goal = targets(parse("20m 95%"), SETTINGS)
    found = by_tempo(pool(tracks), np.arange(len(tracks)))
    counted = supply(found, goal.blocks, goal, SETTINGS)
    assert (counted.fitting, counted.needed) == expected


def test_a_ramp_is_thin_where_tracks_lack() -> None:
    """For a ramp whose slow end is served, the fast end is named."""
    slow = [song(f"{i}", bpm=100 + 2 * i, energy=0.5) for i in range(6)]
    (lacking,) = made("20m ramp 45-100%", slow).shortfalls
    assert "where it is thinnest, at 1" in lacking.advice
    assert lacking.bpm[0] < 105
    assert lacking.bpm[1] > 135


@pytest.mark.parametrize(
    ("plan", "mode", "said", "wider"),
    [
        ("", "async", "a --plan of your own may ask for: 95% 123-148bpm", "123-148bpm"),
        (" 130-140bpm", "async", "lie within 122 to 148 BPM, if you ask for that", "122-148bpm"),
        (" 160spm", "sync", "which `tempo build --sync --cadence 148-173` takes", "148-173spm"),
    ],
)  # fmt: skip
def test_what_comes_near_can_be_asked_for(plan: str, mode: Mode, said: str, wider: str) -> None:
    """Where tracks lie just outside of the range, it says which do and how to take them."""
    near = [song(f"{i}", bpm=148, energy=0.9) for i in range(6)]
    (lacking,) = made(f"15m 95%{plan}", near, mode).shortfalls
    assert lacking.advice.endswith(said)
    assert all(each.fitting >= 5 for each in made(f"15m 95% {wider}", near, mode).shortfalls)


def test_a_ramp_that_lacks_one_moment_says_how_many_fit_there() -> None:
    """Tracks that fit elsewhere on a ramp are no contradiction, and one more is enough."""
    some = [song(f"{i}", bpm=bpm, energy=0.62) for i, bpm in enumerate((104, 112, 120, 128, 132))]
    calm = [song(f"calm {i}", bpm=138, energy=0.1) for i in range(2)]
    (lacking,) = made("12m ramp 60-110%", [*some, *calm]).shortfalls
    assert lacking.fitting >= lacking.needed
    assert ", none fits: 3 tracks have the tempo, but not the energy of the" in lacking.advice
    assert lacking.advice.endswith("effort; add 1 with both")


def test_tracks_without_the_energy_are_no_help() -> None:
    """Where a few have the tempo alone, both are asked for; where enough do, energy."""
    calm = [song(f"{i}", bpm=135, energy=0.2) for i in range(6)]
    few, enough = (made("20m 95%", tracks).shortfalls[0].advice for tracks in (calm[:3], calm))
    assert "add 6 tracks of that tempo and the energy of the effort" in few
    assert "6 tracks have the tempo, but not the energy of the effort; add 6 with both" in enough


def test_the_rarest_tempo_is_named() -> None:
    """Of a range whose upper end alone is served, the lower end is asked for."""
    fast = [song(f"{i}", bpm=138, energy=0.9) for i in range(2)]
    (lacking,) = made("20m 95%", fast).shortfalls
    assert lacking.fitting == 2
    assert "above all at 13" in lacking.advice
    assert "137 to 140" not in lacking.advice


def test_what_is_pinned_is_no_lack_of_the_library() -> None:
    """A pinned song that does not suit is told by its share of the misfit, and of no advice."""
    wanted = song("wanted", bpm=80, energy=0.2)
    tracks = [*(song(f"{i}", bpm=134 + i % 4, energy=0.87) for i in range(9)), wanted]
    workout, pins = parse("20m 95%"), [Pin(wanted, 600.0)]
    playlist = with_pins(sequence(workout, tracks, settings=SETTINGS, pins=pins), pins)
    assert len(playlist.shortfalls) == 1
    playlist = beside_pins(playlist, targets(workout, SETTINGS))
    assert playlist.shortfalls == ()
    (entry,) = [each for each in playlist.entries if each.is_pinned]
    share = entry.misfit * entry.duration / playlist.target_duration
    *_, said = summary(playlist)
    assert f", {share:.3f} of it by pinned songs;" in said
