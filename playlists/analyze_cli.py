"""The command `analyze`, for music in files and on Spotify."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.spotify_cli import account, max_wait_option, say
from tempo.analyze_cli import jobs_options, run_analysis
from tempo.cli import end, library_option, opened
from tempo.remote import is_url
from tempo.screen import line, paragraph

if TYPE_CHECKING:
    from playlists.errors import SpotifyError
    from playlists.harvest import Harvest
    from playlists.numbers import Source
    from playlists.recording import Recording
    from playlists.spotify.account import Account
    from playlists.spotify.api import Spotify
    from tempo.track import Analysis

ADDRESSES = ("spotify:", "https://open.spotify.com/")
"""How what `analyze` finds on Spotify begins."""


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


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=Place(exists=True, readable=False, path_type=Path)
)
@jobs_options
@click.option(
    "--dask", metavar="ADDRESS",
    help="Measure on the workers of a Dask scheduler, such as tcp://host:8786, not on this "
    "machine; --jobs and --time-limit do not reach there.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Measure unchanged files again.")
@click.option("-q", "--quiet", is_flag=True, help="Print the summary only.")
@library_option
@max_wait_option
def analyze(
    paths: tuple[Path | str, ...], jobs: int | None, force: bool, time_limit: float, quiet: bool,
    library: Path, dask: str | None, max_wait: float,
) -> None:  # fmt: skip
    """Measure the tempo of every track in folders and files, or find it for music on Spotify.

    Unchanged files are not decoded again, so run it as often as you like. Interrupt it whenever
    you like: what was done is kept, and the next run goes on from there.

    Of music on Spotify, the tempo is what you corrected, what the library knows, or what was
    measured in your own file of the same recording. What nobody says is listed, never guessed.

    \b
    Examples:
      tempo analyze ~/Music
      tempo analyze --jobs 2 ~/Music/new song.mp3
      tempo analyze s3://bucket/music --dask tcp://host:8786
      tempo analyze spotify:liked
      tempo analyze https://open.spotify.com/playlist/1Cp6VQCKf2VL4sP09jN9oX
    """
    places = [path for path in paths if isinstance(path, str) and path.startswith(ADDRESSES)]
    files = tuple(path for path in paths if path not in places)
    if files:
        good, said = run_analysis(
            library, files, jobs, force=force, limit=time_limit, quiet=quiet, dask=dask
        )
        paragraph(said)
        if not good:
            click.get_current_context().exit(1)
    if places:
        _find_tempos(places, library, max_wait, quiet=quiet)


def _find_tempos(places: list[str], library: Path, max_wait: float, *, quiet: bool) -> None:
    from playlists.harvest import harvest
    from playlists.spotify.api import Spotify

    user = account()
    with opened(library, create=True) as opened_library:
        spotify_api = Spotify(user, opened_library, max_wait=max_wait, say=say)
        wanted, broken = _read(spotify_api, places)
        sources = {} if broken else _sources(spotify_api, user, max_wait)
        try:
            found = harvest(spotify_api, wanted, sources, say)
        except KeyboardInterrupt as error:
            end(
                error,
                "interrupted: what was found is kept; run the same command again to go on",
            )
        if wanted or not broken:
            _say_harvest(found, quiet=quiet)
        if broken:
            raise broken
        spotify_api.quota.check()  # it may have come while Spotify was asked for its numbers
    if found.silent and not found.known and not found.tracks:
        click.get_current_context().exit(1)


def _read(
    spotify_api: "Spotify", places: list[str]
) -> "tuple[list[Recording], SpotifyError | None]":
    """Return what could be read, and why the rest could not."""
    from playlists.errors import SpotifyError
    from playlists.places import read

    wanted: list[Recording] = []
    try:
        for one in read(spotify_api, places, say):
            wanted.append(one)  # noqa: PERF402 - what was read stays, if the rest fails
    except SpotifyError as error:
        return wanted, error
    return wanted, None


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
        say(f"no tempo: {one.name}")
    for track in () if quiet else found.tracks:
        say(f"{line(track)} ({track.source})")
    if any(track.source == "getsongbpm" for track in found.tracks):
        from playlists.getsongbpm import CREDIT

        say(CREDIT)
    parts = [f"{len(found.tracks)} new", f"{found.known} unchanged"]
    lack = f"{len(found.silent)} without a tempo: import one, or analyze your own file of it"
    parts += [lack] * bool(found.silent)
    click.echo(", ".join(parts))
