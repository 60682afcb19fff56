"""Commands that measure `tempo` and `playlists`, and train what is learned."""
