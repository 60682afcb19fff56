"""Songs of a playlist, copied to a folder that a player or watch can take along."""
