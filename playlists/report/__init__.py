"""Pictures and pages of a playlist."""
