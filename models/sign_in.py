"""Signing in: one-time links, passwords, sessions of browsers."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, update
from sqlmodel import Field, Session, col, select

from models.base import N_, Labelled, Row, enum_column, text
from models.officers import Officer, has_any_account, normal_address, officer_by_address

SESSION_LENGTH = timedelta(hours=12)
LINK_LENGTH = timedelta(hours=24)
INVITATION_LENGTH = timedelta(days=7)
PASSWORD_MIN, PASSWORD_MAX = 10, 200
ATTEMPTS, ATTEMPT_WINDOW = 10, timedelta(minutes=15)
RESETS, RESET_WINDOW = 3, timedelta(hours=1)

# OWASP's set for Argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class LinkPurpose(Labelled):
    FIRST = "first", N_("First account")
    INVITATION = "invitation", N_("Invitation")
    RESET = "reset", N_("New password")
    RESCUE = "rescue", N_("Sign-in by operations")


class SignInLink(Row, table=True):
    """A one-time link. Only the hash of its secret is kept; opening it shows a form, sending the form uses it up."""

    __tablename__ = "sign_in_link"

    secret_hash: str = text(64, unique=True)
    officer_id: int | None = Field(default=None, foreign_key="officer.id", ondelete="CASCADE")
    purpose: LinkPurpose = enum_column(LinkPurpose)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class UserSession(Row, table=True):
    """A signed-in browser, known by the hash of its cookie."""

    __tablename__ = "user_session"

    secret_hash: str = text(64, unique=True)
    officer_id: int = Field(foreign_key="officer.id", ondelete="CASCADE", index=True)
    created_at: datetime
    expires_at: datetime = Field(index=True)


class SignInAttempt(Row, table=True):
    """A failed sign-in, known by the hash of the address that was typed, so that guessing is slowed down."""

    __tablename__ = "sign_in_attempt"

    address_hash: str = text(64, index=True)
    at: datetime = Field(index=True)


def digest(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Links


def make_link(
    session: Session,
    officer: Officer | None,
    purpose: LinkPurpose,
    now: datetime,
    length: timedelta = LINK_LENGTH,
) -> str:
    """A new one-time secret; older unused ones of the same person and purpose stop working."""
    officer_id = officer.key if officer else None
    older = select(SignInLink).where(SignInLink.officer_id == officer_id, SignInLink.purpose == purpose)
    for link in session.exec(older.where(col(SignInLink.used_at).is_(None))):
        link.expires_at = min(link.expires_at, now)
    secret = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            secret_hash=digest(secret),
            officer_id=officer_id,
            purpose=purpose,
            created_at=now,
            expires_at=now + length,
        )
    )
    session.flush()
    return secret


def first_account_secret(session: Session, secret_key: str, now: datetime) -> str | None:
    """The secret of the first account's link: the same one until it is used or 24 h old. None once somebody has an
    account. It is derived from the installation's key, so that it can be printed again without being stored."""
    if has_any_account(session):
        return None

    def derived(link: SignInLink) -> str:
        message = f"first account {link.created_at.isoformat()}".encode()
        return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()

    query = select(SignInLink).where(SignInLink.purpose == LinkPurpose.FIRST, SignInLink.expires_at > now)
    link = session.exec(query.where(col(SignInLink.used_at).is_(None))).first()
    if link is None or link.secret_hash != digest(derived(link)):
        link = SignInLink(purpose=LinkPurpose.FIRST, created_at=now, expires_at=now + LINK_LENGTH)
        link.secret_hash = digest(derived(link))
        session.add(link)
        session.flush()
    return derived(link)


def open_link(session: Session, secret: str, now: datetime) -> SignInLink | None:
    """The link if it can still be used. Looking changes nothing."""
    link = session.exec(select(SignInLink).where(SignInLink.secret_hash == digest(secret))).first()
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    if link.purpose is LinkPurpose.FIRST and has_any_account(session):
        return None
    return link


def take_link(session: Session, link: SignInLink, now: datetime) -> bool:
    """Use the link up. False for all but the first of several who send its form at the same moment."""
    taken = session.connection().execute(
        update(SignInLink)
        .where(col(SignInLink.id) == link.key, col(SignInLink.used_at).is_(None))
        .values(used_at=now)
    )
    return taken.rowcount == 1


def set_password(session: Session, link: SignInLink, officer: Officer, password: str, now: datetime) -> None:
    """Set the password of who used the link; every older session and every other link of this person ends."""
    link.officer_id = officer.key
    officer.password_hash = hasher.hash(password)
    end_sessions(session, officer)
    end_links(session, officer, now)


def end_links(session: Session, officer: Officer, now: datetime) -> None:
    """No link that is on its way to this person opens anything any more."""
    session.connection().execute(
        update(SignInLink)
        .where(col(SignInLink.officer_id) == officer.key, col(SignInLink.expires_at) > now)
        .values(expires_at=now)
    )


def too_many_resets(session: Session, officer: Officer, now: datetime) -> bool:
    """Whether this person was sent so many links lately that another one would only fill the mailbox."""
    lately = session.exec(
        select(func.count()).where(
            SignInLink.officer_id == officer.key,
            SignInLink.purpose == LinkPurpose.RESET,
            SignInLink.created_at > now - RESET_WINDOW,
        )
    ).one()
    return lately >= RESETS


# Signing in


def too_many_attempts(session: Session, address: str, now: datetime) -> bool:
    """Whether this address has failed so often lately that it has to wait."""
    failed = session.exec(
        select(func.count()).where(
            SignInAttempt.address_hash == digest(normal_address(address)),
            SignInAttempt.at > now - ATTEMPT_WINDOW,
        )
    ).one()
    return failed >= ATTEMPTS


def check_password(session: Session, address: str, password: str, now: datetime) -> Officer | None:
    """The colleague if address and password fit; otherwise the attempt is counted. Takes as long either way."""
    officer = officer_by_address(session, address)
    stored = officer.password_hash if officer and officer.password_hash else _nobodys_hash()
    try:
        hasher.verify(stored, password)
        fits = officer is not None and officer.password_hash != ""
    except (VerificationError, InvalidHashError):
        fits = False
    if not fits or officer is None:
        session.add(SignInAttempt(address_hash=digest(normal_address(address)), at=now))
        return None
    if hasher.check_needs_rehash(officer.password_hash):
        officer.password_hash = hasher.hash(password)
    return officer


_NOBODY: list[str] = []


def _nobodys_hash() -> str:
    if not _NOBODY:
        _NOBODY.append(hasher.hash(secrets.token_hex(8)))
    return _NOBODY[0]


def start_session(session: Session, officer: Officer, now: datetime) -> str:
    """The secret for the browser's cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            secret_hash=digest(secret),
            officer_id=officer.key,
            created_at=now,
            expires_at=now + SESSION_LENGTH,
        )
    )
    return secret


def signed_in_officer(session: Session, secret: str, now: datetime) -> Officer | None:
    """Whom a cookie belongs to, if the session still runs and the colleague still works here."""
    return session.exec(
        select(Officer)
        .join(UserSession, col(UserSession.officer_id) == col(Officer.id))
        .where(
            UserSession.secret_hash == digest(secret),
            UserSession.expires_at > now,
            col(Officer.left_on).is_(None),
        )
    ).first()


def end_session(session: Session, secret: str) -> None:
    """Sign one browser out."""
    for row in session.exec(select(UserSession).where(UserSession.secret_hash == digest(secret))):
        session.delete(row)


def end_sessions(session: Session, officer: Officer) -> None:
    """Sign every browser of a person out."""
    for row in session.exec(select(UserSession).where(UserSession.officer_id == officer.key)):
        session.delete(row)
