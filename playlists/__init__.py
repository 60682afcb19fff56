"""playlists sequences measured music into workouts."""
