"""Once a day: what has run out is deleted, and what data protection asks for is put on the list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from jobs.clock import Clock
from models.calendar_days import local_day
from models.city import the_city
from models.contacts.letters_in import FOLDER, LettersIn
from models.database import Database
from models.documents.mail import mail_file_name
from models.files import FileStore
from models.imports.batches import BatchState, ImportBatch, ImportKind, abandoned, discard
from models.job_runs import forget_old_runs
from models.privacy.mail_retention import empty_old_mails, kept_since
from models.privacy.uploads import unused_files
from models.sign_in import SignInAttempt, SignInLink, UserSession

ATTEMPTS_KEPT = timedelta(days=1)
IMPORTED_KEPT = timedelta(days=30)  # the file; what it changed can be taken back without it


def tidy_up(session: Session, now: datetime) -> None:
    """Delete sessions, one-time links, failed sign-ins and job runs that are over."""
    oldest = now - timedelta(days=the_city(session).sessions_keep_days)
    connection = session.connection()
    connection.execute(delete(UserSession).where(col(UserSession.expires_at) < now))
    connection.execute(delete(UserSession).where(col(UserSession.created_at) < oldest))
    # Kept for a while, so that "used already" and "too old" can be told.
    connection.execute(delete(SignInLink).where(col(SignInLink.expires_at) < oldest))
    connection.execute(delete(SignInAttempt).where(col(SignInAttempt.at) < now - ATTEMPTS_KEPT))
    forget_old_runs(session, now)


def forget_abandoned_imports(session: Session, files: FileStore, now: datetime) -> int:
    """Delete files that were uploaded to be imported and left lying; what something else needs stays on the disk."""
    found = abandoned(session, now)
    for batch in found:
        unused = discard(session, batch)
        if unused:
            files.path(unused).unlink(missing_ok=True)
    return len(found)


def forget_imported_contacts(database: Database, files: FileStore, now: datetime) -> int:
    """Delete the files from which contacts were imported a month ago; what they changed stays and can be taken back."""
    done = (BatchState.APPLIED, BatchState.REVERTED, BatchState.FAILED)
    old = (
        col(ImportBatch.kind) == ImportKind.CONTACTS,
        col(ImportBatch.state).in_(done),
        col(ImportBatch.sha256) != "",
        col(ImportBatch.uploaded_at) < now - IMPORTED_KEPT,
    )
    with database.write(now) as session:
        found = set(session.connection().execute(select(col(ImportBatch.sha256)).where(*old)).scalars())
        session.connection().execute(update(ImportBatch).where(*old).values(sha256=""))
        unused = unused_files(session, found)
        session.commit()
    for name in unused:
        files.path(name).unlink(missing_ok=True)
    return len(unused)


def forget_letters(data_dir: Path, now: datetime) -> int:
    """Delete mails that were dropped on a person a day ago and neither taken in nor thrown away."""
    return LettersIn(data_dir / FOLDER).forget_old(now)


def forget_mail_texts(
    database: Database, mail_dir: Path, clock: Clock, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Empty what old mails said, a portion in each transaction; filed copies go too. Answers how many portions."""
    portions = 0
    while not is_stopping():
        now = clock()
        with database.write(now) as session:
            city = the_city(session)
            today = local_day(now, city.time_zone)
            filed = empty_old_mails(session, kept_since(today, city.mails_keep_months, city.time_zone))
            session.commit()
        if filed is None:
            break
        portions += 1
        for message_id in filed:
            (mail_dir / mail_file_name(message_id)).unlink(missing_ok=True)
    return portions


def today_there(session: Session, now: datetime) -> date:
    """The city's calendar day."""
    return local_day(now, the_city(session).time_zone)
