"""Taking back the wish for mails of the class *Information*, by a link in the mail, without signing in (RFC 8058)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from sqlmodel import Session

from models.officers import Officer

TOPIC = "information"
_LENGTH = 16  # bytes of the code: 128 bits cannot be guessed, and the address stays short


def unsubscribe_token(officer_id: int, secret: str) -> str:
    """What stands in the address of this colleague's link: the id, and a code that only this installation can make."""
    code = hmac.new(secret.encode(), f"unsubscribe {TOPIC} {officer_id}".encode(), hashlib.sha256).digest()
    return f"{officer_id}.{urlsafe_b64encode(code[:_LENGTH]).decode().rstrip('=')}"


def officer_of_token(session: Session, token: str, secret: str) -> Officer | None:
    """Whose link this is; None if this installation did not make it. Looking changes nothing."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    if not hmac.compare_digest(token.encode(), unsubscribe_token(int(number), secret).encode()):
        return None
    return session.get(Officer, int(number))


def unsubscribe(officer: Officer) -> None:
    """No more informations; the second time nothing changes. Reminders of one's own duties still come."""
    officer.wants_information = False
