"""One-time links that operations may print: for the first account, and for a colleague who is locked out."""

from datetime import datetime

from models.database import Database
from models.officers import officer_by_address
from models.sign_in import LinkPurpose, first_account_secret, make_link
from settings import Settings


def _address(settings: Settings, secret: str) -> str:
    return f"{settings.base_url}/zugang/{secret}"


def first_link(database: Database, settings: Settings, now: datetime) -> str | None:
    """The address at which the first account is made; None once somebody can sign in."""
    with database.write(now) as session:
        secret = first_account_secret(session, settings.secret_key, now)
        session.commit()
    return _address(settings, secret) if secret else None


def rescue_link(database: Database, settings: Settings, address: str, now: datetime) -> str | None:
    """The address at which this colleague chooses a new password; None if there is no such account."""
    with database.write(now) as session:
        officer = officer_by_address(session, address)
        if officer is None:
            return None
        secret = make_link(session, officer, LinkPurpose.RESCUE, now)
        session.commit()
    return _address(settings, secret)
