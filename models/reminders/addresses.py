"""Addresses to which nothing goes: on hold after refusals, or because a person said so. Both win over every rule."""

from datetime import date

from sqlmodel import Session, col, select

from models.reminders.messages import MailAddress


def _known(session: Session, address: str) -> MailAddress | None:
    return session.exec(select(MailAddress).where(MailAddress.address == address)).first()


def is_on_hold(session: Session, address: str) -> bool:
    """Whether nothing is sent to this address until a person has looked at it."""
    found = _known(session, address)
    return found is not None and found.on_hold_since is not None


def release_address(session: Session, address: str) -> None:
    """Somebody checked the address: its refusals are forgotten. Whether it may be written to stays as it is."""
    found = _known(session, address)
    if found is None:
        return
    found.refusals, found.on_hold_since = 0, None
    _forget_if_nothing_is_known(session, found)


def blocked_since(session: Session, address: str) -> date | None:
    """Since when no reminders are to go to this address; None if they may."""
    found = _known(session, address)
    return found.blocked_on if found is not None else None


def is_blocked(session: Session, address: str) -> bool:
    """Whether no reminders are to go to this address."""
    return blocked_since(session, address) is not None


def blocked_addresses(session: Session) -> set[str]:
    """All addresses to which no reminders are to go."""
    return set(session.exec(select(MailAddress.address).where(col(MailAddress.blocked_on).is_not(None))))


def block_address(session: Session, address: str, day: date) -> None:
    """From this day on no reminders go there; a second time changes nothing."""
    found = _known(session, address) or MailAddress(address=address)
    found.blocked_on = found.blocked_on or day
    session.add(found)


def unblock_address(session: Session, address: str) -> None:
    """Reminders may go there again; refusals that were counted stay counted."""
    found = _known(session, address)
    if found is None:
        return
    found.blocked_on = None
    _forget_if_nothing_is_known(session, found)


def _forget_if_nothing_is_known(session: Session, row: MailAddress) -> None:
    if row.blocked_on is None and row.on_hold_since is None and not row.refusals:
        session.delete(row)
