"""The weekly report to the technical contact: whether it is due, and by hand at any time."""

import shutil
from enum import Enum

from jobs.clock import Clock
from jobs.deliver import deliver
from jobs.permission import locked_sender
from models import migrations
from models.city import the_city
from models.database import Database
from models.job_runs import last_runs
from models.language import Translate
from models.reminders.messages import Message, MessageState
from models.reminders.self_check import Machine, compose_self_check, is_self_check_due, last_self_check
from settings import Settings


class Report(Enum):
    """What a run came to."""

    NO_CONTACT = "no contact"
    NOT_DUE = "not due"
    COMPOSED = "composed"


def self_check(
    database: Database, settings: Settings, clock: Clock, *, is_wanted: bool = False
) -> tuple[Report, int | None]:
    """Write the report if it is due or `is_wanted` now; the sender hands it over like any other mail. Answers the
    message's id too."""
    now = clock()
    with database.write(now) as session:
        locked_sender(session)  # two at the same moment: the second sees the first one's report
        if not the_city(session).technical_email:
            return Report.NO_CONTACT, None
        if not is_wanted and not is_self_check_due(last_self_check(session), now, settings.zone):
            return Report.NOT_DUE, None
        backup = last_runs(session).get("backup")
        machine = Machine(migrations.newest(), _free_bytes(settings), backup.started_at if backup else None)
        message = compose_self_check(session, machine, settings.mail, now)
        session.commit()
        return Report.COMPOSED, message.key if message else None


def _free_bytes(settings: Settings) -> int | None:
    try:
        return shutil.disk_usage(settings.data_dir).free
    except OSError:
        return None


def self_check_by_hand(
    database: Database, settings: Settings, clock: Clock, _: Translate
) -> tuple[int, list[str]]:
    """Write it, hand it over, and say what became of it: 1 if a person has to look."""
    report, key = self_check(database, settings, clock, is_wanted=True)
    if report is Report.NO_CONTACT or key is None:
        return 1, [_("No technical contact is set. It is entered on the pages: More, City and unit.")]
    deliver(database, settings, clock)
    with database.read(clock()) as session:
        message = session.get(Message, key)
        state = message.state if message else MessageState.FAILED
        reason = message.reason.label if message else ""
    lines = [_("The weekly report to the technical contact: {state}.").format(state=_(state.label))]
    lines += [_(reason)] if reason else []
    if state in (MessageState.COMPOSED, MessageState.RETRYING):
        lines.append(
            _("It waits: see the pages for whether the sending is paused or the mail server in trouble.")
        )
    return int(state not in (MessageState.SENT, MessageState.FILED)), lines
