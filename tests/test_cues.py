"""Steps that share a song keep their times, and everybody can read them."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from playlists.cues import calls, cues
from playlists.playlist import Entry, Playlist
from playlists.sequencing import sequence
from playlists.settings import load
from tests.crates import crate, song
from tests.plans import parse

SETTINGS = load()


def test_bundled_steps_keep_their_times() -> None:
    """Each of eight efforts of 20 s is a cue of the song that plays then."""
    workout = parse('"easy" 3m 50%, 8x("all out" 20s 150%, "rest" 10s 50%)')
    tracks = [song("easy", bpm=112, duration=180, energy=0.5), song("hard", bpm=139, duration=240)]
    playlist = sequence(workout, tracks, settings=SETTINGS)
    first, second = (cues(playlist, entry) for entry in playlist.entries)
    assert [(cue.at, cue.name) for cue in first] == [(0.0, "easy")]
    efforts = [cue for cue in second if cue.name == "all out"]
    assert [cue.at for cue in efforts] == [180.0 + 30 * i for i in range(8)]
    assert [cue.into for cue in efforts] == [30.0 * i for i in range(8)]


def test_steps_of_one_name_are_told_apart() -> None:
    """A step is called by its name, with its effort where others of that name have another."""
    workout = parse(
        '"go" 1m 50-90%, 2x("steady" 1m 95%, "steady" 1m 55%), 2x("go on" 1m 80%), 1m 60%'
    )
    expected = ("go", *(("steady 95 %", "steady 55 %") * 2), "go on", "go on", "60 %")
    assert calls((step.name, step.intensity) for step in workout.steps) == expected
    assert calls([("", (0.5, 0.9))]) == ("50-90 %",)


@given(
    st.lists(st.integers(5, 600), min_size=1, max_size=20), st.integers(1, 8),
    st.sampled_from([0.0, 5.0]),
)  # fmt: skip
def test_every_step_is_a_cue_once(seconds: list[int], count: int, lead: float) -> None:
    """While there is music, each step begins in one song."""
    workout = parse(", ".join(f"{each}s 70%" for each in seconds))
    tracks = crate(count)
    starts = accumulate((track.analysis.duration for track in tracks[:-1]), initial=0.0)
    entries = tuple(
        Entry(track, start, 1.0, 120.0, 0.5, 0, "", 0.0, ())
        for track, start in zip(tracks, starts, strict=True)
    )
    playlist = Playlist(workout, "async", 0, entries, 0.0, 0.0)
    found = [cue.step for entry in playlist.entries for cue in cues(playlist, entry, lead)]
    expected = [i for i, start in enumerate(workout.starts) if start < playlist.duration]
    assert expected == found
