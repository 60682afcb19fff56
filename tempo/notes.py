"""Notes: what must outlive a run and belongs to no track."""

from collections.abc import Mapping

from tempo.database import Database


class Notes:
    """The notes of a library: texts, each with a topic, a name, and perhaps an end.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, topic: str, now: float) -> dict[str, str]:
        """Return the notes on a topic that hold at `now` (seconds since 1970), by name."""
        query = "SELECT name, value FROM note WHERE topic = ? AND (until IS NULL OR until > ?)"
        return dict(self._db.read(query, (topic, now)))

    def add(self, topic: str, name: str, value: str, until: float | None = None) -> None:
        """Store a note, in place of one of the same topic and name."""
        self.add_all(topic, {name: value}, until)

    def add_all(self, topic: str, notes: Mapping[str, str], until: float | None = None) -> None:
        """Store several notes at once."""
        rows = [(topic, name, value, until) for name, value in notes.items()]
        self._db.write("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)", rows)

    def forget(self, topic: str) -> None:
        """Delete all notes on a topic."""
        self._db.write("DELETE FROM note WHERE topic = ?", [(topic,)])
