"""Questions to services end, whatever these do."""

from collections.abc import Iterator

import pytest

from playlists.web import Service, UnansweredError, fetch
from tests.slow_host import BODY, dripping
from tests.spotify_fake import FakeSpotify, Fault
from tests.spotify_server import serving


@pytest.fixture
def slow() -> Iterator[str]:
    """Return the address of a host that sends a byte now and then."""
    with dripping() as url:
        yield url


def test_dripping_download_ends(slow: str) -> None:
    """A download that drips is given up, though each byte comes in time."""
    with pytest.raises(UnansweredError):
        fetch(slow, 1000, patience=0.3)


def test_dripping_answer_ends(slow: str) -> None:
    """So is an answer."""
    with pytest.raises(UnansweredError):
        Service(slow, 0.0, patience=0.3).ask("/x")


def test_slow_answer_counts(slow: str) -> None:
    """What is slow but ends in time is an answer."""
    assert fetch(slow, 1000) == BODY


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 200_000, "9" * 5_000, "<html>"])
def test_what_is_no_answer(text: str) -> None:
    """What is no object of JSON is no answer."""
    with serving(FakeSpotify()) as fake:
        fake.faults.append(Fault("GET", "/deezer/.*", 200, text))
        with pytest.raises(UnansweredError):
            Service(f"{fake.url}/deezer", 0.0).ask("/search", q="夜に駆ける")
