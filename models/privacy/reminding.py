"""Two follow-ups that keep themselves: notices of Art. 14 that are due, and contacts whose time of keeping is over.

They stand in the list of tasks and in the reminders like everything else, on the city's row. They name nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.application.phases import the_application
from models.base import N_
from models.city import City, the_city
from models.database import check_version
from models.followups import FollowUp, FollowUpKind
from models.language import DEFAULT, day_text, translator
from models.privacy.notices import REMIND_BEFORE, due_notices
from models.privacy.retention import count_to_review

_NOTICES = N_("Send information letters (Art. 14 GDPR): {n} open, the first by {day}")
_UNDATED = N_("Send information letters (Art. 14 GDPR): {n} open, for some the day of the source is missing")
_REVIEW = N_("Review whether contacts may still be kept: {n} open")
REVIEW_IN = timedelta(days=14)

NOTICES_PATH = "/datenschutz/informationsschreiben"
REVIEW_PATH = "/datenschutz/loeschpruefung"


@dataclass(frozen=True)
class _Wanted:
    """What a follow-up should say: None as its words, if nothing is open."""

    path: str
    what: str | None
    due_on: date


def keep_follow_ups(session: Session, base_url: str, today: date) -> None:
    """Set, move or close both of them, as things stand today."""
    session.flush()
    session.connection().execute(select(col(City.id)).with_for_update())  # two at the same time would set two
    kept = kept_follow_ups(session)
    for wanted in (_notices(session, today), _review(session, today)):
        known = kept.get(wanted.path)
        if wanted.what is None:
            if known is not None:
                check_version(session, known, known.version)
                known.done_on = today
        elif known is None:
            _add(session, wanted, base_url, today)
        else:
            _move(session, known, wanted, base_url, today)
    session.flush()


def _notices(session: Session, today: date) -> _Wanted:
    due, _ = due_notices(session), translator(DEFAULT)
    if not due.number:
        return _Wanted(NOTICES_PATH, None, today)
    if due.has_undated or due.first_on is None:
        return _Wanted(NOTICES_PATH, _(_UNDATED).format(n=due.number), today)
    what = _(_NOTICES).format(n=due.number, day=day_text(due.first_on, DEFAULT))
    return _Wanted(NOTICES_PATH, what, due.first_on - REMIND_BEFORE)


def _review(session: Session, today: date) -> _Wanted:
    number = count_to_review(session, the_city(session).contacts_keep_months, today)
    what = translator(DEFAULT)(_REVIEW).format(n=number) if number else None
    return _Wanted(REVIEW_PATH, what, today + REVIEW_IN)


def kept_follow_ups(session: Session) -> dict[str, FollowUp]:
    """Those that are open now, by the path of the page that they are about."""
    found = select(FollowUp).where(
        FollowUp.subject_kind == "city",
        FollowUp.kind == FollowUpKind.TASK,
        col(FollowUp.done_on).is_(None),
    )
    rows = session.exec(found.order_by(col(FollowUp.id).desc())).all()
    return {path: row for row in rows for path in (NOTICES_PATH, REVIEW_PATH) if row.address.endswith(path)}


def _add(session: Session, wanted: _Wanted, base_url: str, today: date) -> None:
    case = the_application(session)
    session.add(
        FollowUp(
            kind=FollowUpKind.TASK,
            subject_kind="city",
            subject_id=the_city(session).key,
            what=wanted.what or "",
            due_on=max(wanted.due_on, today),  # nobody is reminded of what is over
            address=base_url + wanted.path,
            responsible_id=case.case_lead_id,
            deputy_id=case.deputy_id,
        )
    )


def _move(session: Session, known: FollowUp, wanted: _Wanted, base_url: str, today: date) -> None:
    """Whoever gave it another day keeps it until there is something new to say."""
    address = base_url + wanted.path
    if (known.what, known.address) == (wanted.what, address):
        return
    check_version(session, known, known.version)
    if known.what != wanted.what and wanted.path == NOTICES_PATH:
        known.due_on = _day(wanted.due_on, known.due_on, today)
    known.what, known.address = wanted.what or "", address


def _day(wanted: date, shown: date, today: date) -> date:
    """A day that is over already stays what it was: a new one would only hide that it is overdue."""
    if wanted >= today:
        return wanted
    return shown if wanted <= shown <= today else today
