"""Once a day: what has run out is deleted."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col

from models.contacts.letters_in import FOLDER, LettersIn
from models.files import FileStore
from models.imports.batches import abandoned, discard
from models.job_runs import forget_old_runs
from models.sign_in import SignInAttempt, SignInLink, UserSession

LINKS_KEPT = timedelta(days=30)  # so that "used already" and "too old" can be told for a while
ATTEMPTS_KEPT = timedelta(days=1)


def tidy_up(session: Session, now: datetime) -> None:
    """Delete sessions, one-time links, failed sign-ins and job runs that are over."""
    connection = session.connection()
    connection.execute(delete(UserSession).where(col(UserSession.expires_at) < now))
    connection.execute(delete(SignInLink).where(col(SignInLink.expires_at) < now - LINKS_KEPT))
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


def forget_letters(data_dir: Path, now: datetime) -> int:
    """Delete mails that were dropped on a person a day ago and neither taken in nor thrown away."""
    return LettersIn(data_dir / FOLDER).forget_old(now)
