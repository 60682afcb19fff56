"""What Spotify answers when it does not do what it is asked, and what that means to a user."""

from dataclasses import dataclass

from playlists.statuses import SERVER_FAULT

LOGIN = "run `tempo spotify login`"
REFUSALS = {
    "invalid_grant": f"the sign-in has expired, as it does six months after it was made, or was "
    f"taken back: {LOGIN}",
    "invalid_client": "Spotify knows no app of this client ID: copy it once more from "
    "developer.spotify.com/dashboard, and give it with --client-id",
    "invalid_request": f"Spotify refuses the sign-in: {LOGIN} once more",
    "unauthorized_client": f"Spotify refuses this app: look at its dashboard, then {LOGIN}",
}
"""Errors of the accounts service (RFC 6749, 5.2)."""
PREMIUM = (
    "Spotify serves only apps whose owner has Premium: the account that made the app needs it, "
    "and a new subscription counts after some hours"
)
ALLOW_LIST = (
    "Spotify does not know this user of your app: add the account under User Management at "
    "developer.spotify.com/dashboard"
)
CLOSED = (
    "Spotify does not permit this ({message}): it opens only playlists that you made or edit, and "
    "new apps lack some of its services"
)
ADVICE = (
    (401, "", f"Spotify does not accept the sign-in: {LOGIN}"),
    (403, "premium", PREMIUM),
    (403, "registered", ALLOW_LIST),
    (403, "scope", f"the sign-in lacks a permission: {LOGIN} again"),
    (403, "", CLOSED),
    (404, "", "Spotify has nothing there, or keeps it to itself as it does its own playlists"),
    (400, "uri", "Spotify refuses a track ({message}): take it out of the playlist"),
)
"""Status and word of an error, and what it means."""


@dataclass(eq=False)
class AnswerError(Exception):
    """What came instead of an answer."""

    status: int | None
    """Of HTTP; None where there was no answer, or one that makes no sense."""
    message: str = ""
    reason: str = ""
    after: float | None = None
    """Seconds that Spotify wants to be left alone."""

    @property
    def is_broken(self) -> bool:
        """Whether nobody knows if the request was carried out."""
        return self.status is None or self.status >= SERVER_FAULT


def sentence(fault: AnswerError) -> str:
    """Return what a fault means and what to do, in a sentence."""
    for status, word, meaning in ADVICE:
        if fault.status == status and word in fault.message.lower():
            return meaning.format(message=fault.message or "no reason given")
    if fault.status is None:
        return f"Spotify cannot be reached ({fault.message}): check the network, and try again"
    if fault.is_broken:
        return f"Spotify has trouble of its own ({fault.status}): try again later"
    return f"Spotify refuses a request ({fault.status}: {fault.message}): please report it"
