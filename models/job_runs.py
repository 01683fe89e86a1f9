"""Which job has run for which slot of the timetable: the row is the claim, so any number of processes may ask."""

from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint, delete, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, Row, text

KEPT = timedelta(days=14)


class JobRun(Row, table=True):
    """One run of one job."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot", name="uq_job_run_slot"),)

    job: str = text(CODE)
    slot: str = text(CODE)
    started_at: datetime = Field(index=True)
    finished_at: datetime | None = None
    failure: str = text(LINE)


def claim_slot(session: Session, job: str, slot: datetime, now: datetime) -> int | None:
    """The run's id if this process is the first to take the slot; None otherwise."""
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"job": job, "slot": slot.isoformat(), "started_at": now, "failure": ""}
    # Not by rowcount: psycopg does not count a row that comes back by RETURNING.
    return connection.execute(
        insert(JobRun).values(values).on_conflict_do_nothing().returning(col(JobRun.id))
    ).scalar()


def finish_run(session: Session, run_id: int, now: datetime, failure: str = "") -> None:
    """Note how a run ended."""
    run = session.get_one(JobRun, run_id)
    run.finished_at, run.failure = now, failure[:LINE]


def last_runs(session: Session) -> dict[str, JobRun]:
    """The latest run of every job."""
    latest = select(func.max(JobRun.id)).group_by(col(JobRun.job))
    return {run.job: run for run in session.exec(select(JobRun).where(col(JobRun.id).in_(latest)))}


def last_failure(session: Session, job: str) -> str:
    """How the latest run of a job that has ended failed; empty if it did not."""
    ended = select(JobRun.failure).where(JobRun.job == job, col(JobRun.finished_at).is_not(None))
    return session.exec(ended.order_by(col(JobRun.id).desc()).limit(1)).first() or ""


def forget_old_runs(session: Session, now: datetime) -> None:
    """Runs are kept for two weeks."""
    session.connection().execute(delete(JobRun).where(col(JobRun.started_at) < now - KEPT))
