"""Mails as rows: who they go to, their bytes; and those that a person asked for (test, invitation, new password)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.city import City, the_city
from models.documents.mail import Envelope, Letter, mail_bytes, one_line
from models.language import translator
from models.officers import Officer
from models.reminders.messages import Message, MessageKind


@dataclass(frozen=True)
class MailSettings:
    """What a mail needs to know of this installation: the address of its pages, and its own."""

    base_url: str
    sender: str


def store_mail(
    session: Session, message: Message, officer: Officer, letter: Letter, city: City, settings: MailSettings,
    calendar: tuple[bytes, str] | None = None,
) -> Message:  # fmt: skip
    """Give the message its row, its Message-ID and its bytes."""
    message.officer_id, message.language = officer.key, officer.language
    message.to_name, message.to_address = one_line(officer.name), officer.email
    session.add(message)
    session.flush()
    domain = settings.sender.rsplit("@", 1)[-1]
    message.message_id = f"<{message.key}.{city.installation}@{domain}>"
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
