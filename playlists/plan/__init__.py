"""Workouts as text: see `playlists.plan.parser` for the syntax."""
