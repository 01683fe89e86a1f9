"""Mails as rows: who they go to, their bytes; and those that a person asked for (test, invitation, new password)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from models.city import City, the_city
from models.documents.mail import Envelope, Letter, mail_bytes, one_line
from models.language import translator
from models.officers import Officer
from models.reminders.messages import Message, MessageKind
from models.reminders.unsubscribing import unsubscribe_token


@dataclass(frozen=True)
class MailSettings:
    """What a mail needs to know of this installation: the address of its pages, its own, and what links that work
    without signing in are signed with."""

    base_url: str
    sender: str
    unsubscribe_secret: str = field(default="", repr=False)


class Recipient(Protocol):
    """To whom a mail goes: a colleague, or a bare address."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Mailbox:
    """An address that belongs to no account."""

    name: str
    email: str
    language: str
    id: None = None


def unsubscribe_headers(officer: Officer, settings: MailSettings) -> tuple[tuple[str, str], ...]:
    """The headers of a mail of the class *Information* (RFC 8058, which wants https and an address in ASCII)."""
    is_possible = settings.base_url.startswith("https://") and settings.base_url.isascii()
    if not is_possible or not settings.unsubscribe_secret:
        return ()
    token = unsubscribe_token(officer.key, settings.unsubscribe_secret)
    return (
        ("List-Unsubscribe", f"<{settings.base_url}/abbestellen/{token}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def store_mail(
    session: Session, message: Message, to: Recipient, letter: Letter, city: City, settings: MailSettings,
    calendar: tuple[bytes, str] | None = None, headers: tuple[tuple[str, str], ...] = (), name: str = "",
) -> Message:  # fmt: skip
    """Give the message its row, its Message-ID (made of `name`, or else of the row's key) and its bytes.
    `headers` = further ones: thread, unsubscribing."""
    message.officer_id, message.language = to.id, to.language
    message.to_name, message.to_address = one_line(to.name), to.email
    session.add(message)
    session.flush()
    domain = settings.sender.rsplit("@", 1)[-1]
    message.message_id = f"<{name or message.key}.{city.installation}@{domain}>"
    envelope = Envelope(
        sender_name=f"Fab City Lotse ({city.unit})",
        sender=settings.sender,
        reply_to=city.unit_email,
        to_name=message.to_name,
        to_address=message.to_address,
        subject=message.subject,
        message_id=message.message_id,
        date=message.composed_at,
        language=message.language,
        headers=headers,
    )
    message.body = mail_bytes(envelope, letter, calendar)
    return message


def compose_test(session: Session, officer: Officer, settings: MailSettings, now: datetime) -> Message:
    """A test mail to a colleague."""
    city = the_city(session)
    _ = translator(officer.language)
    letter = Letter(
        heading=_("Test mail"),
        paragraphs=(
            _("Hello {name},").format(name=officer.name),
            _("this mail was sent by hand to see whether mails arrive. They do."),
        ),
        button=(_("Confirm that it arrived"), f"{settings.base_url}/erinnerungen/testmail"),
        closing=(f"Fab City Lotse · {city.unit}, {city.name}",),
    )
    message = Message(
        kind=MessageKind.TEST, subject=_("Fab City Lotse: test mail"), ready_at=now, composed_at=now
    )
    return store_mail(session, message, officer, letter, city, settings)


def compose_invitation(
    session: Session, officer: Officer, by: Officer, secret: str, settings: MailSettings, now: datetime
) -> Message:
    """The mail with a new colleague's one-time link."""
    city = the_city(session)
    _ = translator(officer.language)
    letter = Letter(
        heading=_("Your account for Fab City Lotse"),
        paragraphs=(
            _("Hello {name},").format(name=officer.name),
            _(
                "{by} has set up an account for you. "
                "With this link you choose your password; it works once, for 7 days."
            ).format(by=by.name),
        ),
        button=(_("Choose a password"), f"{settings.base_url}/zugang/{secret}"),
        closing=(f"Fab City Lotse · {city.unit}, {city.name}",),
    )
    message = Message(
        kind=MessageKind.INVITATION,
        subject=_("Your account for Fab City Lotse"),
        ready_at=now,
        composed_at=now,
    )
    return store_mail(session, message, officer, letter, city, settings)


def compose_reset(
    session: Session, officer: Officer, secret: str, settings: MailSettings, now: datetime
) -> Message:
    """The mail with the link to a new password."""
    city = the_city(session)
    _ = translator(officer.language)
    letter = Letter(
        heading=_("A new password"),
        paragraphs=(
            _("Hello {name},").format(name=officer.name),
            _("somebody asked for a new password for your account. The link works once, for 24 hours."),
            _("If that was not you, you need not do anything."),
        ),
        button=(_("Choose a new password"), f"{settings.base_url}/zugang/{secret}"),
        closing=(f"Fab City Lotse · {city.unit}, {city.name}",),
    )
    message = Message(
        kind=MessageKind.RESET, subject=_("Fab City Lotse: a new password"), ready_at=now, composed_at=now
    )
    return store_mail(session, message, officer, letter, city, settings)
