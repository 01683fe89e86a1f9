"""The web's one clock."""

from datetime import UTC, datetime

from flask import current_app, g


def system_clock() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of this request; the same one all through it."""
    if "now" not in g:
        g.now = current_app.extensions["lotse_clock"]()
    moment: datetime = g.now
    return moment
