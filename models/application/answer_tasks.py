"""A query of the network is to be answered by a day: a to-do on the application stands for that, so a mail reminds."""

from datetime import date

from sqlmodel import Session, col, select

from models.application.phases import Application
from models.application.submissions import ReplyKind, SubmissionReply
from models.followups import FollowUp, FollowUpKind, finish

WHAT_DE, WHAT_EN = "Rückfrage des Netzwerks beantworten", "Answer the network's query"


def answer_tasks(session: Session, application: Application) -> list[FollowUp]:
    """The open to-dos "answer the query" of a case, the earliest first."""
    found = select(FollowUp).where(
        FollowUp.subject_kind == "application",
        FollowUp.subject_id == application.key,
        FollowUp.kind == FollowUpKind.TASK,
        col(FollowUp.what).in_((WHAT_DE, WHAT_EN)),
        col(FollowUp.done_on).is_(None),
    )
    return list(session.exec(found.order_by(col(FollowUp.due_on), col(FollowUp.id))))


def keep_answer_task(
    session: Session, application: Application, reply: SubmissionReply, before: date | None, language: str
) -> FollowUp | None:
    """Let a to-do stand on the day by which the query is to be answered. `before` is the day that the letter named
    until now: its to-do moves, or is closed where no answer is due any more. Answers the to-do."""
    task = next((task for task in answer_tasks(session, application) if task.due_on == before), None)
    wanted = reply.answer_due_on if reply.kind is ReplyKind.QUERY else None
    if wanted is None:
        if task is not None:
            task.done_on = reply.dated_on
        return None
    if task is None:
        task = FollowUp(
            kind=FollowUpKind.TASK,
            subject_kind="application",
            subject_id=application.key,
            what=WHAT_EN if language == "en" else WHAT_DE,
            due_on=wanted,
            responsible_id=application.case_lead_id or session.info.get("officer_id"),
            deputy_id=application.deputy_id,
        )
        session.add(task)
    elif task.due_on != wanted:
        task.due_on = wanted
        task.version += 1
    session.flush()
    return task


def answered(session: Session, application: Application, today: date) -> int:
    """Our answer is out: every open to-do of a query is done. Answers how many."""
    tasks = answer_tasks(session, application)
    for task in tasks:
        finish(session, task, today)
    return len(tasks)
