"""The tables of the library, in the order in which they came."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
    CREATE TABLE file (
        path BLOB PRIMARY KEY,          -- bytes: a file name need not be UTF-8; or a URL
        size INTEGER NOT NULL,          -- bytes
        mtime_ns INTEGER NOT NULL,
        fingerprint BLOB NOT NULL,
        version INTEGER NOT NULL,       -- of the analysis; 0 asks for another try
        missing INTEGER NOT NULL DEFAULT 0,
        failure TEXT,                   -- why it could not be measured; NULL for a track
        fixed_bpm REAL,                 -- the owner's word; no scan touches it
        title TEXT, artist TEXT, album TEXT, isrc TEXT, tag_bpm REAL,
        duration REAL, candidates TEXT, -- JSON [[bpm, salience], ...]
        confidence REAL, drift REAL, beat_strength REAL, energy REAL, loudness REAL,
        build REAL, intro REAL
    ) STRICT
    """,
        "CREATE INDEX file_fingerprint ON file (fingerprint)",
    ),
    (
        """
    CREATE TABLE imported (             -- tracks that are not files here
        uri TEXT PRIMARY KEY,
        fixed_bpm REAL,                 -- the owner's word; no import touches it
        title TEXT, artist TEXT, album TEXT, isrc TEXT, tag_bpm REAL,
        duration REAL, candidates TEXT, -- JSON [[bpm, salience], ...]
        confidence REAL, drift REAL, beat_strength REAL, energy REAL, loudness REAL,
        build REAL, intro REAL
    ) STRICT, WITHOUT ROWID
    """,
    ),
    (
        """
    CREATE TABLE note (                 -- what must outlive a run and belongs to no file
        topic TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        until REAL,                     -- seconds since 1970; NULL keeps it for good
        PRIMARY KEY (topic, name)
    ) STRICT
    """,
        # Where the tempo of an imported track comes from; see `Track.source`.
        "ALTER TABLE imported ADD COLUMN source TEXT NOT NULL DEFAULT 'import'",
    ),
    (
        """
    CREATE TABLE built (                -- playlists that were written; see `tempo.past`
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        time REAL NOT NULL, name TEXT NOT NULL, mode TEXT NOT NULL, seed INTEGER NOT NULL,
        minutes REAL NOT NULL, intensity REAL NOT NULL,
        output BLOB NOT NULL,
        options TEXT NOT NULL           -- JSON
    ) STRICT
    """,
        """
    CREATE TABLE built_track (
        built INTEGER NOT NULL REFERENCES built,
        place INTEGER NOT NULL,         -- from 0
        location ANY NOT NULL,          -- BLOB: path of a file; TEXT: URI
        PRIMARY KEY (built, place)
    ) STRICT, WITHOUT ROWID
    """,
        "CREATE INDEX built_track_location ON built_track (location)",
        """
    CREATE TABLE done (
        built INTEGER NOT NULL REFERENCES built,
        time REAL NOT NULL, rpe REAL, note TEXT NOT NULL,
        PRIMARY KEY (built, time)
    ) STRICT, WITHOUT ROWID
    """,
    ),
    (
        # JSON [[start, bpm], ...]; NULL where it was not measured.
        "ALTER TABLE file ADD COLUMN sections TEXT",
        "ALTER TABLE file ADD COLUMN meter INTEGER",
        "ALTER TABLE file ADD COLUMN meter_confidence REAL",
        "ALTER TABLE imported ADD COLUMN sections TEXT",
        "ALTER TABLE imported ADD COLUMN meter INTEGER",
        "ALTER TABLE imported ADD COLUMN meter_confidence REAL",
    ),
)
"""Statements that bring a library from each version to the next; the list only grows."""
