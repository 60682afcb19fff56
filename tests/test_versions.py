"""Versions of one song are known for what they are, and one of them is used."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.titles import folded_lines, leads
from playlists.versions import _bared, songs, without_versions
from tempo.track import Tags, Track, fixed
from tests.crates import song

PLAIN = ("John Cafferty", "Hearts on Fire", 252.0)


def version(artist: str, title: str, seconds: float, beat: float = 0.5, file: str = "") -> Track:
    """Return a track of a song."""
    made = song(
        file or f"{artist} {title} {seconds}".replace("/", " "), duration=seconds, beat=beat
    )
    return replace(made, tags=Tags(title=title, artist=artist))


@pytest.mark.parametrize(
    ("artist", "title", "seconds"),
    [
        ("John Cafferty", 'Hearts on Fire - From "Rocky IV" Soundtrack', 252.9),
        ("John Cafferty & The Beaver Brown Band", "HEARTS ON FIRE", 260.0),
        ("JOHN CAFFERTY", "Heart's On Fire (2009 Remaster)", 252.0),
        ("John Cafferty feat. Somebody", "Hearts on Fire (feat. Somebody) [Radio Edit]", 200.0),
        ("John Cafferty", "Hearts on Fire - Live at Wembley - 1986", 300.0),
        ("John Cafferty", "Hearts on Fire (Single Version) [Remastered 2011]", 230.0),
        ("John Cafferty", "Hearts on Fire - Acoustic", 240.0),
        ("John Cafferty", "Hearts on Fire - Extended Mix", 480.0),
    ],
)
def test_versions_of_one_song(artist: str, title: str, seconds: float) -> None:
    """Album, film, remaster, live, single and guests make no other song."""
    tracks = [version(*PLAIN), version(artist, title, seconds)]
    assert [sorted(alike) for alike in songs(tracks)] == [[0, 1]]


@pytest.mark.parametrize(
    ("artist", "title", "seconds"),
    [
        ("Bryan Adams", "Hearts on Fire", 252.0),
        ("John Cafferty", "Hearts in Ice", 252.0),
        ("John Cafferty", "Hearts on Fire (Hardfloor Mix)", 252.0),
        ("John Cafferty", "Hearts on Fire - Someone Radio Edit", 252.0),
        ("John Cafferty", "Hearts on Fire - Remix", 252.0),
        ("John Cafferty", "Hearts on Fire (Instrumental) - Remastered", 252.0),
        ("John Cafferty", "Hearts on Fire (Sped Up)", 252.0),
        ("John Cafferty", "Hearts on Fire - Part 2", 252.0),
        ("John Cafferty", "Hearts on Fire - II. Adagio", 252.0),
        ("John Cafferty", "Hearts on Fire", 120.0),
        ("", "Hearts on Fire", 252.0),
    ],
)
def test_other_songs(artist: str, title: str, seconds: float) -> None:
    """Covers, named remixes, parts, and what is less than half as long are other songs."""
    assert list(songs([version(*PLAIN), version(artist, title, seconds)])) == []


def test_nobody_has_no_versions() -> None:
    """Songs by "Various Artists" are by different ones."""
    assert list(songs([version("Various Artists", "Intro", s) for s in (60.0, 61.0)])) == []


def test_the_stronger_beat_is_used() -> None:
    """Of the LP's and the film's version the one with more punch stays, in the list's order."""
    lp = version(*PLAIN, beat=0.5)
    film = version("John Cafferty", 'Hearts on Fire - From "Rocky IV"', 252.0, beat=0.8)
    other = song("other")
    assert [film, other] == without_versions([lp, film, other])


def test_a_wanted_version_stays() -> None:
    """A weaker version that is asked for is used in place of the stronger."""
    lp = version(*PLAIN, beat=0.5)
    film = version("John Cafferty", "Hearts on Fire - Film", 252.0, beat=0.8)
    assert [lp] == without_versions([lp, film], [lp])


def test_a_sure_tempo_decides_between_equal_beats() -> None:
    """Of two with the same beat, the one whose tempo is certain stays."""
    sure, unsure = (
        replace(song(name, confidence=confidence), tags=Tags("Song", "Band"))
        for name, confidence in (("b", 0.9), ("a", 0.3))
    )
    assert [sure] == without_versions([unsure, sure])


TITLES = st.sampled_from(
    ["One", "One - Live", "One (Remix)", "Two", "Two - 2011 Remaster", "(Two) Three", "???", "!!!"]
)
TRACKS = st.lists(
    st.builds(version, st.sampled_from(["A", "a & B", "The A", "C", ""]), TITLES,
              st.floats(100, 500), st.floats(0, 1)),
    max_size=12, unique_by=lambda track: track.location,
)  # fmt: skip


@given(TRACKS, st.randoms(use_true_random=False))
def test_what_stays_is_free_of_versions(tracks: list[Track], random: st.DrawFn) -> None:
    """No two of what stays are versions, whatever the order, and each song keeps a version."""
    shuffled = tracks.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    kept, again = without_versions(tracks), without_versions(shuffled)
    assert {track.location for track in kept} == {track.location for track in again}
    assert list(songs(kept)) == []
    for alike in songs(tracks):
        assert sum(tracks[i] in kept for i in alike) == 1


def louder(track: Track, by: float) -> Track:
    """Return a track with another loudness."""
    analysis = replace(track.analysis, loudness=track.analysis.loudness + by)
    return replace(track, analysis=analysis)


def test_copies_of_files_without_artist_are_one_song() -> None:
    """Files that name nobody are one song where they measure the same, and no others are."""
    tracks = [version("", title, 200.0) for title in ("Track 1", "Track 1 (1)", "", "Track 2")]
    tracks[3] = louder(tracks[3], 0.1)
    sure = fixed(tracks[1], 120.0)
    others = [version("Ann", title, 200.0) for title in ("One", "Other")]
    listed = [replace(tracks[0], location=f"urn:track:{i}") for i in range(2)]
    found = without_versions([tracks[0], sure, *tracks[2:], *others, *listed])
    assert found == [sure, tracks[3], *others, *listed]


PARTS = st.sampled_from(("Fire", "Feat", "(Live)", "(I Can't)", "- Live", "'", "_", "(", "from"))
TITLES = st.lists(PARTS, max_size=3).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(("A", "The A", "")), TITLES), max_size=20))
def test_versions_have_the_same_artist_and_bare_title(named: list[tuple[str, str]]) -> None:
    """Whatever spares the look at most titles, songs are the tracks alike in both."""
    tracks = [
        louder(version(artist, title, 200.0, file=f"{i}"), i)
        for i, (artist, title) in enumerate(named)
    ]
    first = list(leads([track.artist for track in tracks])) if tracks else []
    titles = folded_lines([track.title for track in tracks]).split("\n")
    alike: dict[tuple[str, str], list[int]] = {}
    for i, lead in enumerate(first):
        if lead:
            alike.setdefault((lead, _bared(titles[i])), []).append(i)
    expected = sorted(group for group in alike.values() if len(group) > 1)
    assert expected == sorted(sorted(group) for group in songs(tracks))
