"""Measurements that anyone can repeat, and the music they make for themselves."""
