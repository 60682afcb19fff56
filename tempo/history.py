"""What was made of the music, as the library keeps it: playlists built, and workouts done."""

import json
import os
from dataclasses import replace
from itertools import starmap
from pathlib import Path

from tempo.database import Database
from tempo.past import Built, Done, Use
from tempo.stored import to_location, to_path, to_raw

HEARD = """
    SELECT number, time, row_number() OVER (ORDER BY number DESC) - 1 AS ago FROM (
        SELECT number, time, time + 60 * minutes AS finish, is_done,
            lead(time) OVER (PARTITION BY output ORDER BY number) AS replaced,
            max(is_done) OVER (PARTITION BY time) AS is_one_done,
            max(number) OVER (PARTITION BY time) AS best
        FROM (SELECT *, number IN (SELECT built FROM done) AS is_done FROM built)
    ) WHERE is_done OR (
        NOT is_one_done AND number = best AND (replaced IS NULL OR replaced >= finish)
    )
"""
"""Playlists that may have been heard.

Not those replaced before they could have ended. Of alternatives, which have one time and the best
last, only those that were marked as done, or else the best.
"""
REMOVAL = "DELETE FROM done WHERE built = ? AND time = ?"


class History:
    """The past of a library.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def built(self) -> list[Built]:
        """Return all playlists that were written, first to last."""
        places: dict[int, list[Path | str]] = {}
        query = "SELECT built, location FROM built_track ORDER BY built, place"
        for number, at in self._db.read(query):
            places.setdefault(number, []).append(to_location(at))
        rows = self._db.read(
            "SELECT number, output, options, time, name, mode, seed, minutes, intensity "
            "FROM built ORDER BY number"
        )
        return [
            Built(
                *(time, name, mode, seed, minutes, intensity),
                output=to_path(output),
                tracks=tuple(places.get(number, ())),
                options=json.loads(options),
                number=number,
            )
            for number, output, options, time, name, mode, seed, minutes, intensity in rows
        ]

    def done(self) -> list[Done]:
        """Return all that was done, first to last."""
        query = "SELECT built, time, rpe, note FROM done ORDER BY time, built"
        return list(starmap(Done, self._db.read(query)))

    def recent_use(self) -> dict[Path | str, Use]:
        """Return how often and how lately each track was in a playlist that may have been heard.

        A playlist that another one replaced in the same file, sooner than it could have been
        heard to its end, does not count, unless it was marked as done. Of playlists of the same
        time, which are alternatives, those count that were marked as done, or else the last.
        """
        query = (
            f"WITH heard AS ({HEARD}) "  # noqa: S608 - constants
            "SELECT location, count(DISTINCT built), max(time), group_concat(DISTINCT ago) "
            "FROM built_track JOIN heard ON number = built GROUP BY location ORDER BY location"
        )
        rows = self._db.read(query)
        return {
            to_location(at): Use(count, last, tuple(sorted(map(int, ago.split(",")))))
            for at, count, last, ago in rows
        }

    def add_built(self, built: Built) -> Built:
        """Store a playlist that was written, and return it with its number."""
        row = (
            *(built.time, built.name, built.mode, built.seed, built.minutes, built.intensity),
            *(os.fsencode(built.output), json.dumps(built.options)),
        )
        with self._db.transaction() as db:
            (number,) = db.execute(
                "INSERT INTO built (time, name, mode, seed, minutes, intensity, output, options) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
                row,
            ).fetchone()
            places = ((number, place, to_raw(at)) for place, at in enumerate(built.tracks))
            db.executemany("INSERT INTO built_track VALUES (?, ?, ?)", places)
        return replace(built, number=number)

    def add_done(self, done: Done, *, instead_of: Done | None = None) -> None:
        """Store that a workout was done, perhaps in place of what was said of it before."""
        with self._db.transaction() as db:
            if instead_of:
                db.execute(REMOVAL, (instead_of.built, instead_of.time))
            row = (done.built, done.time, done.rpe, done.note)
            db.execute("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", row)

    def remove_done(self, done: Done) -> None:
        """Forget that a workout was done."""
        self._db.write(REMOVAL, [(done.built, done.time)])
