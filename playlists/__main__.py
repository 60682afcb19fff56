"""`python -m playlists` is the program `tempo`."""

from playlists.start import main

main()
