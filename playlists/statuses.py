"""What the statuses and headers of an HTTP answer say (RFC 9110)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

REFUSED, UNAUTHORIZED, FORBIDDEN, MISSING, TOO_MANY, SERVER_FAULT = 400, 401, 403, 404, 429, 500
LONGEST = 30 * 86_400.0
"""Seconds; who asks for a longer pause is wrong, and the end of some is in no calendar."""


def seconds_after(retry_after: str | None, date: str | None) -> float | None:
    """Return the seconds in a ``Retry-After`` header: a number or a date (RFC 9110, 10.2.3).

    They are `LONGEST` at most.
    """
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return min(float(retry_after), LONGEST)
    try:
        then = parsedate_to_datetime(retry_after)
        since = parsedate_to_datetime(date) if date else datetime.now(UTC)
        return min(max(0.0, (then - since).total_seconds()), LONGEST)
    except (TypeError, ValueError, OverflowError):
        return None
