"""Playlist files of other programs, read and written. `registry` is the way in."""
