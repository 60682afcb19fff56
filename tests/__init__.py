"""Facts that must hold."""
