"""The command `push`, which puts a playlist on Spotify."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playlists.spotify_cli import account, max_wait_option, say
from tempo.cli import library_option, opened
from tempo.screen import counted, paragraph, printable

if TYPE_CHECKING:
    from playlists.finding import Found
    from playlists.outgoing import Outgoing
    from playlists.push import Replaced
    from playlists.report.view import View
    from playlists.spotify.api import Spotify
    from tempo.library import Library
    from tempo.track import Track


@click.command()
@click.argument("playlist", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="TEXT", help="Name on Spotify.  [default: the file's own]")
@click.option("--public", is_flag=True, help="Show it on your profile.  [default: private]")
@click.option(
    "--update", is_flag=True,
    help="Take over your playlist of this name, even if it was not pushed.",
)  # fmt: skip
@click.option("--cover", is_flag=True, help="Draw the arc as its picture.")
@click.option("--dry-run", is_flag=True, help="Look for the tracks, but write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing if a track is not found.")
@max_wait_option
@click.option("-v", "--verbose", is_flag=True, help="Say what is done, and count requests.")
@library_option
def push(
    playlist: Path, name: str | None, public: bool, update: bool, cover: bool, dry_run: bool,
    strict: bool, max_wait: float, verbose: bool, library: Path,
) -> None:  # fmt: skip
    """Put PLAYLIST, a file of any format, on your Spotify account.

    Tracks are found by what is in your library on Spotify, by ISRC, or by title, artist and
    length; another version is never taken. Pushed again, the playlist is updated in place.

    \b
    Examples:
      tempo push run.m3u8 --dry-run
      tempo push run.m3u8 --name "Tuesday run"
    """
    from playlists.outgoing import read_outgoing
    from playlists.spotify.api import Spotify

    with opened(library, create=True) as opened_library:
        listed = read_outgoing(playlist, opened_library)
        listed = replace(listed, name=name or listed.name)
        spotify_api = Spotify(account(), opened_library, max_wait=max_wait, say=say)
        picture = _cover(playlist, opened_library) if cover else ""
        try:
            _push(
                spotify_api, listed, picture, public=public, adopt=update, dry_run=dry_run,
                strict=strict, said=say if verbose else _hush,
            )  # fmt: skip
        finally:
            if verbose:
                asked = spotify_api.quota
                say(f"requests: {asked.count}, in 24 h: {asked.count_of_day}")


def _push(
    spotify_api: "Spotify", listed: "Outgoing", picture: str, *, public: bool, adopt: bool,
    dry_run: bool, strict: bool, said: Callable[[str], None],
) -> None:  # fmt: skip
    from playlists.errors import PlaylistError, SpotifyError
    from playlists.finding import dead, find
    from playlists.push import foreseen, link
    from playlists.push import push as push_all
    from playlists.statuses import REFUSED

    _check_permissions(spotify_api, public=public, cover=bool(picture))
    user = spotify_api.me()
    found = find(spotify_api, listed.recordings, user, said)
    _say_found(found)
    there = [one for one in found if one.uri]
    if not there:
        raise PlaylistError("none of the tracks is on Spotify: nothing was written")
    if strict:
        _check_all(spotify_api, found)
    uris, warned = [one.uri for one in there], partial(_say_replaced, listed.name)
    if dry_run:
        if other := foreseen(spotify_api, user, listed, uris, adopt=adopt):
            warned(other)
        click.echo(f"{listed.name} would hold {counted(len(there), 'track')}; nothing was written")
        return
    put = partial(
        push_all, spotify_api, user, listed, public=public, adopt=adopt, said=said, warned=warned
    )
    try:
        made = put(uris)
    except SpotifyError as error:
        # One address that leads nowhere refuses all; which it is, Spotify does not always say.
        gone = dead(spotify_api, there) if error.status == REFUSED and not strict else []
        there = [one for one in there if one not in gone]
        if not (gone and there):
            raise
        _say_dead(gone)
        made = put([one.uri for one in there])
    click.echo(f"{listed.name} holds {counted(len(there), 'track')}: {link(made)}")
    if picture:
        _hang(spotify_api, made, picture)
        said("its cover shows the arc")


def _check_all(spotify_api: "Spotify", found: "Sequence[Found]") -> None:
    """Refuse a playlist that would lack a track, before anything is written."""
    from playlists.errors import PlaylistError
    from playlists.finding import dead, old

    is_whole = all(one.uri for one in found)
    gone = dead(spotify_api, old(found)) if is_whole else []
    _say_dead(gone)
    if gone or not is_whole:
        raise PlaylistError("not all tracks are on Spotify: nothing was written")


def _check_permissions(spotify_api: "Spotify", *, public: bool, cover: bool) -> None:
    from playlists.errors import SignInError
    from playlists.spotify.signin import COVER_SCOPE, PUBLIC_SCOPE

    if public and not spotify_api.sign_in.allows(PUBLIC_SCOPE):
        raise SignInError(
            "public playlists need one more permission: run `tempo spotify login --public`"
        )
    if cover and not spotify_api.sign_in.allows(COVER_SCOPE):
        raise SignInError("covers need one more permission: run `tempo spotify login --cover`")


def _hang(spotify_api: "Spotify", playlist: str, picture: str) -> None:
    from playlists.errors import SpotifyError

    try:
        spotify_api.cover(playlist, picture)
    except SpotifyError as error:
        rest = "the playlist is complete, but for its cover"
        raise type(error)(f"{error} ({rest})", error.status) from error


def _cover(playlist: Path, library: "Library") -> str:
    """Return the picture of a playlist in base64."""
    import base64

    from playlists.report import arc, raster, reading
    from playlists.spotify.api import MOST_COVER

    shown = reading.built(playlist) or _measured(playlist, library.tracks(), library)
    # Base64 makes four letters of three bytes.
    jpeg = raster.jpeg(arc.cover(shown), MOST_COVER // 4 * 3, dark=True)
    return base64.b64encode(jpeg).decode()


def _measured(playlist: Path, tracks: "list[Track]", library: "Library") -> "View":
    """Return what is shown of a playlist that does not say itself what it was built for."""
    from playlists.goal_cli import remembered
    from playlists.report.reading import guessed, listed, measured
    from playlists.workout_cli import current_settings

    found = listed(playlist, None)
    known = remembered(playlist, found, tracks, library.history.built())
    asked = known[1] if known else guessed(found, tracks)
    return measured(found, tracks, asked, current_settings())[0]


def _say_found(found: "Sequence[Found]") -> None:
    """Say what was not found, and how the rest was."""
    for one in found:
        if not one.uri:
            _say_lost(one.wanted.name, one.why)
    hows = Counter(HOWS[one.how] for one in found if one.uri)
    told = ", ".join(f"{count:,} {how}" for how, count in hows.items())
    click.echo(f"{hows.total():,} of {counted(len(found), 'track')} found{': ' * bool(told)}{told}")


def _say_replaced(name: str, other: "Replaced") -> None:
    file = f" ({other.file})" * bool(other.file)
    paragraph(
        f"warning: {printable(name)} is another playlist on Spotify{file}, and {other.gone} of its "
        f"{counted(other.count, 'song')} make room for these; to keep both, push one of them "
        "under another name: --name TEXT",
        indent=2,
        err=True,
    )


def _say_dead(gone: "Sequence[Found]") -> None:
    for one in gone:
        _say_lost(one.wanted.name, f"{one.uri} leads nowhere")


def _say_lost(name: str, why: str) -> None:
    click.echo(f"not on Spotify: {printable(name)} ({printable(why)})", err=True)


HOWS = {
    "given": "named in the file", "remembered": "known from before", "yours": "in your library",
    "ISRC": "by ISRC", "name": "by name",
}  # fmt: skip


def _hush(_: str) -> None:
    pass
