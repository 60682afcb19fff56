"""The file that keeps the sign-in."""

import os
import stat
from pathlib import Path

import pytest

from playlists.errors import SignInError, SpotifyError
from playlists.spotify.token_file import TokenFile


def test_what_is_no_token(tmp_path: Path) -> None:
    """A token file that holds something else is one sentence, as is one that cannot be written."""
    path = tmp_path / "token.json"
    odd = ('{"access_token": "x", "expires_at": null}', '{"access_token": "\\u2026\\n"}')
    for text in ("", "{}", "[1]", '{"access_token": 3}', "\xff", *odd):
        path.write_text(text, "latin-1")
        with pytest.raises(SignInError, match="login"):
            TokenFile(path).read()
    with pytest.raises(SpotifyError, match="cannot be written"):
        TokenFile(path / "below").write({})


def test_private_from_the_first_byte(tmp_path: Path) -> None:
    """However lax the umask, no other user can ever read the file."""
    before = os.umask(0)
    try:
        TokenFile(tmp_path / "token.json").write({"access_token": "x"})
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]
