"""django-post_office in its own process: the same recipients and contents through its own `send_queued`, on SQLite."""

import email
import logging
import os
import pickle
import time
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

BATCH = 100  # its default


def _prepare(folder: Path, port: int = 0) -> None:
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "post.sqlite3")}},
        MEDIA_ROOT=str(folder / "media"),
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": BATCH,
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    logging.disable(logging.WARNING)  # we measure without our own lines, too


def fill(folder: str, mails: str, sender: str) -> None:
    """Its database with the same mails queued: text, HTML, and the calendar part as attachment."""
    here = Path(folder)
    here.mkdir()
    _prepare(here)
    from django.core.management import call_command
    from django.db import transaction
    from post_office.models import Email

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        for recipient, body in pickle.loads(Path(mails).read_bytes()):
            mail = email.message_from_bytes(body, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            _queue(Email, mail, sender, recipient)


def _queue(kind: Any, mail: EmailMessage, sender: str, recipient: str) -> None:
    from post_office import mail as office

    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    queued = office.send(
        recipients=[recipient],
        sender=sender,
        subject=str(mail["Subject"]),
        message=text.get_content(),
        html_message=html.get_content(),
        headers={
            name: str(mail[name])
            for name in (
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "Content-Language",
                "Message-ID",
                "Reply-To",
            )
            if mail[name]
        },
    )
    for part in mail.iter_attachments():
        _attach(queued, part)


def _attach(queued: Any, part: Any) -> None:
    from django.core.files.base import ContentFile
    from post_office.models import Attachment

    content = part.get_payload(decode=True)
    attachment = Attachment(name=part.get_filename(), mimetype=part.get_content_type())
    attachment.file.save(f"{queued.pk}.ics", ContentFile(content), save=True)
    queued.attachments.add(attachment)


def send(folder: str, a_turn: int, port: int) -> Iterator[float]:
    """Seconds of each turn: so many mails by as many `send_queued` as its batches need."""
    _prepare(Path(folder), port)
    from post_office.mail import send_queued

    while True:
        began, sent = time.perf_counter(), 0
        while sent < a_turn:
            done, failed, _ = send_queued(log_level=1)
            assert done, failed
            sent += done
        yield time.perf_counter() - began


if os.environ.get("DJANGO_SETTINGS_MODULE"):
    raise RuntimeError("another Django project is set up in this environment")
