"""Requests to Spotify, sent again where that is safe and can help."""

from collections.abc import Callable
from typing import Any

from playlists.errors import SignInError, SpotifyError, UnsureError
from playlists.spotify.client import PAUSE, TRIES, answer
from playlists.spotify.faults import AnswerError, sentence
from playlists.spotify.quota import Quota
from playlists.spotify.signin import SignIn
from playlists.statuses import TOO_MANY, UNAUTHORIZED
from tempo.timing import log

MAX_WAIT = 30.0
"""Spotify counts requests in windows of 30 s: a usual limit is over by then."""
QUOTA_SECONDS = 3600.0
"""Seconds to leave Spotify alone where it says that the quota of a day is used up, but no end."""
MANY = 500
"""Requests in a day to warn at: quotas hit users from about 1,100 on."""


class Sender:
    """Sends requests as one signed-in user.

    Parameters
    ----------
    api : spotipy.Spotify
    sign_in : SignIn
    quota : Quota
    max_wait : float >= 0
        Seconds to wait at most where Spotify asks for a pause.
    say : callable
        Gets a sentence before each pause.
    sleep : callable
        Seconds to wait.
    """

    def __init__(
        self, api: Any, sign_in: SignIn, quota: Quota, max_wait: float,
        say: Callable[[str], None], sleep: Callable[[float], None],
    ) -> None:  # fmt: skip
        self._api, self._sign_in, self._quota = api, sign_in, quota
        self._max_wait, self._say, self._sleep = max_wait, say, sleep

    def send(self, call: Callable[[], Any], *, repeat: bool = True, answers: bool = True) -> Any:
        """Send a request, and return the answer.

        Parameters
        ----------
        call : callable
        repeat : bool
            Whether the request may be sent again although it may have worked.
        answers : bool
            Whether an answer is expected.

        Raises
        ------
        SpotifyError
            `SignInError`, `StoppedError`, `UnsureError` for a request that nobody answered and
            that may not be repeated, or with the HTTP status.
        """
        attempt, renewed = 0, False
        while True:
            token = self._sign_in.token()
            try:
                return self._once(call, token, answers=answers)
            except AnswerError as fault:
                if fault.status == UNAUTHORIZED and not renewed:
                    renewed = True
                    self._sign_in.renew(token)
                    continue
                attempt += 1
                pause = self._pause(fault, attempt, repeat=repeat)
            self._sleep(pause)

    def _once(self, call: Callable[[], Any], token: str, *, answers: bool) -> Any:
        quota = self._quota
        quota.check()
        quota.note()
        if quota.count_of_day == MANY:
            self._say(f"{MANY} requests in 24 hours: Spotify may soon ask for a long pause")
        log.info("request to Spotify: %d in this run, %d in 24 h", quota.count, quota.count_of_day)
        return answer(self._api, token, call, is_expected=answers)

    def _pause(self, fault: AnswerError, attempt: int, *, repeat: bool) -> float:
        """Return the seconds before another try, or raise what cannot be helped by one."""
        if fault.status == TOO_MANY:
            return self._limited(fault, attempt)
        if fault.is_broken and not repeat:
            raise UnsureError(f"Spotify gave no clear answer ({fault.status or fault.message})")
        if fault.is_broken and attempt < TRIES:
            return float(PAUSE * 2 ** (attempt - 1))
        kind = SignInError if fault.status == UNAUTHORIZED else SpotifyError
        raise kind(sentence(fault), fault.status)

    def _limited(self, fault: AnswerError, attempt: int) -> float:
        """Return the pause that Spotify asks for; a request that it refused did not happen."""
        is_quota = fault.reason == "QUOTA_EXCEEDED"
        usual = QUOTA_SECONDS if is_quota else PAUSE * 2**attempt
        after = usual if fault.after is None else fault.after
        if is_quota or after > self._max_wait or attempt >= TRIES:
            raise self._quota.stop(max(after, 1.0))
        self._say(f"Spotify asks for a pause of {after:.0f} s")
        return after
