"""The commands `spotify login`, `logout` and `status`; and what others that ask Spotify share."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tempo.cli import F, Number, Whole, library_option, opened
from tempo.screen import printable

if TYPE_CHECKING:
    from playlists.spotify.account import Account
    from playlists.spotify.signin import SignIn
    from playlists.spotify.token_file import Token
    from tempo.library import Library


# --------------------------------------------------------------------- shared


def account() -> "Account":
    """Return how to reach the user's Spotify, as the environment and the configuration say."""
    from playlists.config import config_path, read_config
    from playlists.spotify import account as accounts

    return accounts.account(read_config(config_path()).get("spotify", {}))


def max_wait_option(command: F) -> F:
    """Add `--max-wait` to a command that talks to Spotify."""
    return click.option(
        "--max-wait", type=Number(min=0), default=30.0, show_default=True, metavar="S",
        help="Wait at most S seconds where Spotify asks for a pause; else stop and go on later.",
    )(command)  # fmt: skip


def say(text: str) -> None:
    """Print a sentence beside the output."""
    click.echo(printable(text), err=True)


# -------------------------------------------------------------------- spotify


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
    "--port", type=Whole(0, 65535), default=0, metavar="N",
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
    from playlists.spotify.account import checked_client_id
    from playlists.spotify.api import Spotify
    from playlists.spotify.signin import COVER_SCOPE, PUBLIC_SCOPE, SignIn

    user = account()
    given = checked_client_id((client_id or "").strip())
    user = replace(user, client_id=given or user.client_id)
    more = [*[PUBLIC_SCOPE] * public, *[COVER_SCOPE] * cover]
    if no_browser:
        _pasted(SignIn(user), port, more)
    else:
        _browsed(SignIn(user), port, more)
    with opened(library, create=True) as opened_library:
        name = Spotify(user, opened_library).me()
    click.echo(f"signed in to Spotify as {printable(name)}")


def _browsed(sign_in: "SignIn", port: int, more: list[str]) -> None:
    import webbrowser

    from playlists.spotify.callback import listening, new_state

    state = new_state()
    with listening(state, port) as listener:
        url = sign_in.url(listener.redirect, state, more)
        click.echo(f"Sign in with your browser, within three minutes:\n{url}", err=True)
        webbrowser.open(url)
        sign_in.finish(listener.code())


def _pasted(sign_in: "SignIn", port: int, more: list[str]) -> None:
    from playlists.spotify.callback import REDIRECT, code_in, new_state

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
    from playlists.purge import purge as purge_notes

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
    from playlists.spotify.account import SOURCES

    user = account()
    signed_in = _say_account(user)
    for source in user.sources:
        click.echo(f"tempos also from {source}: {SOURCES[source]}")
    with opened(library, create=True) as opened_library:
        is_free = _say_requests(user, opened_library)
        if not signed_in or (is_free and not _say_answer(user, opened_library)):
            click.get_current_context().exit(1)


def _say_account(user: "Account") -> bool:
    """Print what is known without asking; return whether somebody is signed in."""
    from playlists.spotify.callback import REDIRECT

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
    click.echo(f"sign-in: {_age(token)}, kept in {printable(user.token_file.path)}")
    return True


def _say_requests(user: "Account", library: "Library") -> bool:
    """Print how often Spotify was asked; return whether it may be asked again."""
    from playlists.spotify.quota import local_time, requests_of_day, stop_until

    now = time.time()
    click.echo(f"requests in the last 24 h: {requests_of_day(library, now)}")
    until = stop_until(library, user.client_id, now)
    if until is not None:
        click.echo(f"Spotify wants to be left alone until {local_time(until)}")
    return until is None


def _say_answer(user: "Account", library: "Library") -> bool:
    """Ask Spotify one question, print what comes, and return whether it answers."""
    from playlists.errors import SpotifyError
    from playlists.spotify.api import Spotify

    try:
        click.echo(f"Spotify answers; you are {Spotify(user, library).me()}")
    except SpotifyError as error:
        click.echo(f"no answer of use: {error}")
        return False
    return True


def _age(token: "Token") -> str:
    """Return how old a sign-in is, and what to do if it ends soon."""
    from playlists.spotify.token_file import LIFETIME_DAYS, NOTICE_DAYS, days_old

    days = days_old(token, time.time())
    if days is None:
        return "of unknown age"
    left = LIFETIME_DAYS - days
    hint = ": run `tempo spotify login` soon" if left <= NOTICE_DAYS else ""
    return f"{days} days old, ends in {left} days{hint}"
