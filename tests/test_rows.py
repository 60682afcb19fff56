"""Arrays straight from the library are those of its tracks."""

import os
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from playlists.copies import without_copies
from playlists.formats.listing import playable
from playlists.pool import Pool
from playlists.sequencing import library
from tempo.library import Library
from tempo.rows import Rows
from tempo.track import AudioFile, Tags, Track
from tests.crates import crate, song


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Return a library's tracks: files, one without tags, a fixed one, silence, and imported."""
    files = [*crate(9), song("rain", bpm=None), song("double", double=0.4)]
    files.append(replace(song("Some One - A Song"), tags=Tags()))
    imported = [
        replace(track, location=f"spotify:track:{i:022}", source="import")
        for i, track in enumerate(crate(5, 1))
    ]
    nameless = replace(song("gone"), location="table:7", source="import")
    with Library(tmp_path / "library.db") as held:
        for i, track in enumerate(files):
            assert track.path
            held.add(AudioFile(track.path, 1, 1), bytes([i]), track, 1)
        held.add_imported([*imported, nameless])
        assert files[0].path
        held.fix(files[0].path, 99.5)
        return held.rows()


def test_arrays_of_rows_are_arrays_of_tracks(rows: Rows) -> None:
    """Whether tracks are made first or not, the arrays are the same."""
    one, other = library(rows), library(list(rows))
    assert list(one.tracks) == list(other.tracks)
    for field in fields(Pool)[1:]:
        first, second = getattr(one, field.name), getattr(other, field.name)
        assert np.allclose(first, second, rtol=1e-12, equal_nan=True), field.name


def test_an_empty_library_has_empty_arrays(tmp_path: Path) -> None:
    """Nothing is no error."""
    with Library(tmp_path / "library.db") as held:
        assert len(library(held.rows())) == 0


def test_rows_are_tracks(rows: Rows) -> None:
    """Rows can be counted, indexed, cut and filtered like a list of tracks."""
    tracks: list[Track] = list(rows)
    assert (len(rows), rows[3], list(rows[2:5])) == (18, tracks[3], tracks[2:5])
    assert list(playable(rows)) == playable(tracks)
    assert len(playable(tracks)) == 17


def test_rows_come_by_place(rows: Rows) -> None:
    """Files and what is imported are put in the order of their bytes, also of some rows only."""
    tracks = sorted(rows, key=lambda track: os.fsencode(track.location))
    assert list(rows.by_place()) == tracks
    assert rows.by_place().by_place().column("title") == [track.tags.title for track in tracks]
    some = rows.where(track.bpm for track in rows).by_place()
    assert list(some) == [track for track in tracks if track.bpm]
    assert list(some[3:].column("duration")) == [t.analysis.duration for t in list(some)[3:]]


def test_texts_that_come_again_are_kept_once(rows: Rows) -> None:
    """The source of all tracks is one text, whichever row said it."""
    assert len({id(text) for text in rows.column("source")}) == 2


def test_rows_without_copies_stay_rows(rows: Rows) -> None:
    """Where no track can be a copy of a file, none is made to find out."""
    assert without_copies(rows) is rows
    assert without_copies(list(rows)) == list(rows)
