"""Measurements that anyone can repeat, and the music they are made on."""
