"""The commands that talk to Spotify: `spotify login`, `logout`, `status`, `push`, `analyze`."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tempo.cli import INTERRUPTED, library_option, opened
from tempo.remote import is_url
from tempo.screen import line, printable

if TYPE_CHECKING:
    from playlists.account import Account
    from playlists.finding import Found
    from playlists.harvest import Harvest
    from playlists.numbers import Source
    from playlists.push import Plan
    from playlists.spotify import SignIn, Spotify
    from tempo.library import Library
    from tempo.track import Analysis

F = TypeVar("F", bound=Callable[..., Any])

ADDRESSES = ("spotify:", "https://open.spotify.com/")
"""How what `analyze` finds on Spotify begins."""
LIFETIME_DAYS = 182
"""Spotify lets a sign-in end six months after it was made."""
NOTICE_DAYS = 14


def account() -> "Account":
    """Return how to reach the user's Spotify, as the environment and the configuration say."""
    from playlists import account as accounts
    from playlists.config import config_path, read_config

    return accounts.account(read_config(config_path()).get("spotify", {}))


@click.group()
def spotify() -> None:
    """Sign in to Spotify, sign out, or see what is missing.

    \b
    Examples:
      tempo spotify login --client-id 5fe01282e44241328a84e7c5cc169165
      tempo spotify status
    """


@spotify.command()
@click.option("--client-id", metavar="ID", help="Of your own app; remembered with the sign-in.")
@click.option("--public", is_flag=True, help="Permit public playlists, too.")
@click.option("--cover", is_flag=True, help="Permit pictures of playlists, too.")
@click.option("--no-browser", is_flag=True, help="Sign in with a browser on another machine.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N",
    help="Come back to this port, where your app's redirect URI names one.  [default: any]",
)  # fmt: skip
@library_option
def login(
    client_id: str | None, public: bool, cover: bool, no_browser: bool, port: int, library: Path
) -> None:  # fmt: skip
    """Sign in on Spotify's own page; tempo never sees your password.

    \b
    Examples:
      tempo spotify login --client-id 5fe01282e44241328a84e7c5cc169165
      tempo spotify login --no-browser
    """
    from playlists.spotify import COVER_SCOPE, PUBLIC_SCOPE, SignIn, Spotify

    user = account()
    user = replace(user, client_id=client_id or user.client_id)
    more = [*[PUBLIC_SCOPE] * public, *[COVER_SCOPE] * cover]
    if no_browser:
        _pasted(SignIn(user), port, more)
    else:
        _browsed(SignIn(user), port, more)
    with opened(library, create=True) as opened_library:
        name = Spotify(user, opened_library).me()
    click.echo(f"signed in to Spotify as {name}")


def _browsed(sign_in: "SignIn", port: int, more: list[str]) -> None:
    import webbrowser

    from playlists.signin import listening
    from playlists.spotify import new_state

    state = new_state()
    with listening(state, port) as listener:
        url = sign_in.url(listener.redirect, state, more)
        click.echo(f"Sign in with your browser, within three minutes:\n{url}", err=True)
        webbrowser.open(url)
        sign_in.finish(listener.code())


def _pasted(sign_in: "SignIn", port: int, more: list[str]) -> None:
    from playlists.signin import REDIRECT, code_in
    from playlists.spotify import new_state

    state = new_state()
    redirect = REDIRECT.replace("127.0.0.1", f"127.0.0.1:{port}") if port else REDIRECT
    url = sign_in.url(redirect, state, more)
    click.echo(f"Sign in with a browser on any machine:\n{url}", err=True)
    click.echo("It ends on a page that cannot be shown; its address is what tempo needs.", err=True)
    sign_in.finish(code_in(click.prompt("Address", err=True, prompt_suffix=": "), state))


@spotify.command()
@click.option("--purge", is_flag=True, help="Forget all that was learned from Spotify, too.")
@library_option
def logout(purge: bool, library: Path) -> None:
    """Delete the sign-in from this machine.

    \b
    Examples:
      tempo spotify logout --purge
    """
    from playlists.quota import purge as purge_notes

    user = account()
    removed = user.token_file.remove()
    if purge and library.exists():
        with opened(library) as opened_library:
            purge_notes(opened_library)
    click.echo("signed out" if removed else "nobody was signed in")
    click.echo("To take the permission back, too: https://www.spotify.com/account/apps", err=True)


@spotify.command()
@library_option
def status(library: Path) -> None:
    """Say whether Spotify can be used, and what to do where it cannot.

    Asks Spotify one question if somebody is signed in.

    \b
    Examples:
      tempo spotify status
    """
    from playlists.account import SOURCES
    from playlists.errors import SpotifyError

    user = account()
    signed_in = _say_account(user)
    for source in user.sources:
        click.echo(f"tempos also from {source}: {SOURCES[source]}")
    with opened(library, create=True) as opened_library:
        from playlists.quota import local_time, requests_of_day, stop_until

        now = time.time()
        click.echo(f"requests in the last 24 h: {requests_of_day(opened_library, now)}")
        until = stop_until(opened_library, user.client_id, now)
        if until is not None:
            click.echo(f"Spotify wants to be left alone until {local_time(until)}")
        elif signed_in:
            from playlists.spotify import Spotify

            try:
                click.echo(f"Spotify answers; you are {Spotify(user, opened_library).me()}")
            except SpotifyError as error:
                click.echo(f"Spotify does not serve you: {error}")
                signed_in = False
    if not signed_in:
        click.get_current_context().exit(1)


def _say_account(user: "Account") -> bool:
    """Print what is known without asking; return whether somebody is signed in."""
    from playlists.signin import REDIRECT

    if user.client_id:
        click.echo(f"client ID: {user.client_id}")
    else:
        click.echo(
            "client ID: none. Make an app at https://developer.spotify.com/dashboard (its owner "
            f"needs Premium), register the redirect URI {REDIRECT}, "
            "and run `tempo spotify login --client-id ID`"
        )
    token = user.token_file.read()
    if token is None:
        click.echo("sign-in: none. Run `tempo spotify login`")
        return False
    click.echo(f"sign-in: {age(token.get('authorized_at'))}, kept in {user.token_file.path}")
    return True


def age(since: object) -> str:
    """Return how old a sign-in is, and what to do if it ends soon."""
    if not isinstance(since, int | float):
        return "of unknown age"
    days = int((time.time() - since) / 86_400)
    left = LIFETIME_DAYS - days
    hint = ": run `tempo spotify login` soon" if left <= NOTICE_DAYS else ""
    return f"{days} days old, ends in {left} days{hint}"


# ----------------------------------------------------------------------- push


def max_wait_option(command: F) -> F:
    """Add `--max-wait` to a command that talks to Spotify."""
    return click.option(
        "--max-wait", type=click.FloatRange(min=0), default=30.0, show_default=True, metavar="S",
        help="Wait at most S seconds where Spotify asks for a pause; else stop and go on later.",
    )(command)  # fmt: skip


@click.command()
@click.argument("playlist", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="TEXT", help="Name on Spotify.  [default: the file's own]")
@click.option("--public", is_flag=True, help="Show it on your profile.  [default: private]")
@click.option(
    "--update", is_flag=True,
    help="Take over your playlist of this name, even if it was not pushed from here.",
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
    """Put PLAYLIST, an M3U8 or JSON file, on your Spotify account.

    Tracks are found by what is in your library on Spotify, by ISRC, or by title, artist and
    length; another version is never taken. Pushed again, the playlist is updated in place.

    \b
    Examples:
      tempo push run.m3u8 --dry-run
      tempo push run.m3u8 --name "Tuesday run"
    """
    from playlists.push import read_plan
    from playlists.spotify import Spotify

    with opened(library, create=True) as opened_library:
        plan = read_plan(playlist, opened_library)
        plan = replace(plan, name=name or plan.name)
        spotify_api = Spotify(account(), opened_library, max_wait=max_wait, say=_say)
        picture = _cover(playlist, opened_library) if cover else ""
        try:
            _push(
                spotify_api, plan, picture, public=public, adopt=update, dry_run=dry_run,
                strict=strict, said=_say if verbose else _hush,
            )  # fmt: skip
        finally:
            if verbose:
                _say(f"requests: {spotify_api.count}, in 24 h: {spotify_api.count_of_day}")


def _push(
    spotify_api: "Spotify", plan: "Plan", picture: str, *, public: bool, adopt: bool,
    dry_run: bool, strict: bool, said: Callable[[str], None],
) -> None:  # fmt: skip
    from playlists.errors import PlaylistError, SignInError
    from playlists.finding import find
    from playlists.push import link
    from playlists.push import push as push_plan
    from playlists.spotify import COVER_SCOPE, PUBLIC_SCOPE

    if public and not spotify_api.sign_in.allows(PUBLIC_SCOPE):
        raise SignInError(
            "public playlists need one more permission: run `tempo spotify login --public`"
        )
    if picture and not spotify_api.sign_in.allows(COVER_SCOPE):
        raise SignInError("covers need one more permission: run `tempo spotify login --cover`")
    user = spotify_api.me()
    found = find(spotify_api, plan.recordings, user, said)
    uris = _say_found(found)
    if not uris:
        raise PlaylistError("none of the tracks is on Spotify: nothing was written")
    if strict and len(uris) < len(found):
        raise PlaylistError("not all tracks are on Spotify: nothing was written")
    if dry_run:
        click.echo(f"{plan.name} would hold {len(uris)} tracks; nothing was written")
        return
    made = push_plan(spotify_api, user, plan, uris, public=public, adopt=adopt, said=said)
    click.echo(f"{plan.name} holds {len(uris)} tracks: {link(made)}")
    if picture:
        _hang(spotify_api, made, picture)
        said("its cover shows the arc")


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
    from playlists.spotify import MOST_COVER
    from playlists.workout_cli import current_settings

    shown = reading.shown(playlist, library.tracks(), current_settings())
    # Base64 makes four letters of three bytes.
    jpeg = raster.jpeg(arc.cover(shown), MOST_COVER // 4 * 3, dark=True)
    return base64.b64encode(jpeg).decode()


def _say_found(found: "Sequence[Found]") -> list[str]:
    """Say what was not found, and how the rest was; return its addresses."""
    for one in found:
        if not one.uri:
            click.echo(
                f"not on Spotify: {printable(one.wanted.name)} ({printable(one.why)})", err=True
            )
    uris = [one.uri for one in found if one.uri]
    hows = Counter(HOWS[one.how] for one in found if one.uri)
    told = ", ".join(f"{count} {how}" for how, count in hows.items())
    click.echo(f"{len(uris)} of {len(found)} tracks found{': ' * bool(told)}{told}")
    return uris


HOWS = {
    "given": "named in the file", "remembered": "known from before", "yours": "in your library",
    "ISRC": "by ISRC", "name": "by name",
}  # fmt: skip


def _say(text: str) -> None:
    click.echo(printable(text), err=True)


def _hush(_: str) -> None:
    pass


# -------------------------------------------------------------------- analyze


class Place(click.Path):
    """A file or folder, or a URL or what is on Spotify, which stay texts."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return an address as it is, and a path as `click.Path` does."""
        if isinstance(value, str) and value.lower().startswith("file://"):
            from urllib.request import url2pathname

            value = url2pathname(value[len("file://") :])
        if isinstance(value, str) and (value.startswith(ADDRESSES) or is_url(value)):
            return value
        return super().convert(value, param, ctx)


def taking_places(command: click.Command) -> click.Command:
    """Return `analyze` as a command that takes music on Spotify, too; others as they are."""
    measure = command.callback
    if command.name != "analyze" or measure is None:
        return command

    def analyze(
        paths: tuple[Path | str, ...], library: Path, max_wait: float, **options: Any
    ) -> None:
        places = [path for path in paths if isinstance(path, str) and path.startswith(ADDRESSES)]
        files = tuple(path for path in paths if path not in places)
        if files:
            measure(paths=files, library=library, **options)
        if places:
            _find_tempos(places, library, max_wait, quiet=options["quiet"])

    place = Place(exists=True, readable=False, path_type=Path)
    argument = click.Argument(["paths"], nargs=-1, required=True, type=place)
    options = [param for param in command.params if param.name != "paths"]
    both = click.Command("analyze", callback=analyze, params=[argument, *options], help=HELP)
    return max_wait_option(both)


HELP = """Measure the tempo of every track in folders and files, or find it for music on Spotify.

Unchanged files are not decoded again, so run it as often as you like. Interrupt it whenever
you like: what was done is kept, and the next run goes on from there.

Of music on Spotify, the tempo is what you corrected, what the library knows, or what was measured
in your own file of the same recording. What nobody says is listed, never guessed.

\b
Examples:
  tempo analyze ~/Music
  tempo analyze --jobs 2 ~/Music/new song.mp3
  tempo analyze s3://bucket/music --dask tcp://host:8786
  tempo analyze spotify:liked
  tempo analyze https://open.spotify.com/playlist/1Cp6VQCKf2VL4sP09jN9oX
"""


def _find_tempos(places: list[str], library: Path, max_wait: float, *, quiet: bool) -> None:
    from playlists.errors import SpotifyError
    from playlists.harvest import harvest, read
    from playlists.spotify import Spotify

    user = account()
    with opened(library, create=True) as opened_library:
        spotify_api = Spotify(user, opened_library, max_wait=max_wait, say=_say)
        wanted, broken = [], None
        try:
            for one in read(spotify_api, places, _say):
                wanted.append(one)  # noqa: PERF402 - what was read stays, if the rest fails
        except SpotifyError as error:
            broken = error
        sources = {} if broken else _sources(spotify_api, user, max_wait)
        try:
            found = harvest(spotify_api, wanted, sources, _say)
        except KeyboardInterrupt:
            _say("interrupted: what was found is kept; run the same command again to go on")
            click.get_current_context().exit(INTERRUPTED)
        if wanted or not broken:
            _say_harvest(found, quiet=quiet)
        if broken:
            raise broken
        spotify_api.check_stop()  # it may have come while Spotify was asked for its numbers
    if found.silent and not found.known and not found.tracks:
        click.get_current_context().exit(1)


def _sources(spotify_api: "Spotify", user: "Account", max_wait: float) -> "dict[str, Source]":
    """Return where to ask for tempos, in this order; none but Spotify unless the user wants it."""
    from playlists import getsongbpm, reccobeats
    from playlists.deezer import Deezer
    from playlists.harvest import spotifys_numbers
    from playlists.web import Service

    key = {getsongbpm.KEY_HEADER: user.getsongbpm_key}
    recco = Service(user.reccobeats_url, max_wait)
    getsong = Service(user.getsongbpm_url, max_wait, headers=key)
    deezer = Deezer(Service(user.deezer_url, max_wait), _measured)
    services: dict[str, Source] = {
        "reccobeats": partial(reccobeats.tempos, service=recco),
        "deezer": deezer.tempos,
        "preview": deezer.clips,
        "getsongbpm": partial(getsongbpm.tempos, service=getsong),
    }
    wanted = {name: services[name] for name in user.sources}
    return {"spotify": spotifys_numbers(spotify_api, user.client_id), **wanted}


def _measured(sound: bytes) -> "Analysis":
    from tempo.analysis import measure_clip  # librosa takes a second, and few need it here

    return measure_clip(sound)


def _say_harvest(found: "Harvest", *, quiet: bool) -> None:
    for one in found.silent:
        _say(f"no tempo: {one.name}")
    for track in () if quiet else found.tracks:
        _say(f"{line(track)} ({track.source})")
    if any(track.source == "getsongbpm" for track in found.tracks):
        from playlists.getsongbpm import CREDIT

        _say(CREDIT)
    parts = [f"{len(found.tracks)} new", f"{found.known} unchanged"]
    lack = f"{len(found.silent)} without a tempo: import one, or analyze your own file of it"
    parts += [lack] * bool(found.silent)
    click.echo(", ".join(parts))
