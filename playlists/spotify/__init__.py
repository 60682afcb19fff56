"""Spotify's Web API as it is since February 2026, for one signed-in user."""
