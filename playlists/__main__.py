"""`python -m playlists` is the program `tempo`."""

from playlists.cli import main

main(prog_name="tempo")
