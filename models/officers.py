"""Colleagues: the people who sign in and to whom duties belong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Field, Session, col, select

from models.base import ADDRESS, CODE, N_, NAME, Labelled, Recorded, enum_column, hidden, text
from models.folding import fold


class Role(Labelled):
    ADMIN = "admin", N_("Administration")
    OFFICER = "officer", N_("Case work")
    READER = "reader", N_("Reading only")


class Officer(Recorded, table=True):
    """A colleague with an account. Who left keeps the row, so that the history stays readable."""

    __tablename__ = "officer"

    name: str = text(NAME, personal=True)
    email: str = text(ADDRESS, personal=True, unique=True)
    role: Role = enum_column(Role, Role.OFFICER)
    language: str = text(CODE, default="de")
    password_hash: str = hidden(default="", nullable=False, max_length=200)
    left_on: date | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in_id: int | None = Field(default=None, foreign_key="officer.id", ondelete="SET NULL")
    wants_digest: bool = False
    wants_information: bool = True

    @property
    def is_active(self) -> bool:
        return self.left_on is None

    @property
    def has_account(self) -> bool:
        return bool(self.password_hash)

    def title(self, language: str) -> str:
        return self.name


def normal_address(address: str) -> str:
    """The address by which an account is found."""
    return address.strip().lower()


def officers(session: Session, *, with_left: bool = False) -> list[Officer]:
    """Colleagues in the order of their names."""
    rows = session.exec(select(Officer)).all()
    return sorted((o for o in rows if with_left or o.is_active), key=lambda o: (fold(o.name), o.key))


def officer_by_address(session: Session, address: str) -> Officer | None:
    """The active colleague with this address."""
    return session.exec(
        select(Officer).where(Officer.email == normal_address(address), col(Officer.left_on).is_(None))
    ).first()


def has_any_account(session: Session) -> bool:
    """Whether somebody can sign in already."""
    return session.exec(select(Officer.id).where(Officer.password_hash != "").limit(1)).first() is not None


def duty(*, index: bool = False) -> int | None:
    """A column that names the colleague who has to act; it moves when that colleague leaves."""
    column: int | None = Field(
        default=None, foreign_key="officer.id", index=index, sa_column_kwargs={"info": {"duty": True}}
    )
    return column


def is_absent(officer: Officer, day: date) -> bool:
    """Whether a colleague is away on this day; the first and the last day belong to the absence."""
    if officer.absent_from is None or officer.absent_until is None:
        return False
    return officer.absent_from <= day <= officer.absent_until


def stand_in(officers: Mapping[int, Officer], officer_id: int, day: date) -> int | None:
    """Who gets the mails of a colleague on this day instead: the deputy, the deputy's deputy if that one is away too.
    None if she is here, or if the chain comes to nobody who works here and is present: then she gets them herself."""
    seen: set[int] = set()
    current = officers.get(officer_id)
    while current is not None and current.is_active and is_absent(current, day):
        if current.key in seen or current.stand_in_id is None:
            return None
        seen.add(current.key)
        current = officers.get(current.stand_in_id)
    if current is None or not current.is_active or current.key == officer_id:
        return None
    return current.key


@dataclass(frozen=True)
class Cover:
    """Who gets an absent colleague's mails from the first to the last day; None: she herself."""

    first: date
    last: date
    officer_id: int | None


def covers(
    officers: Mapping[int, Officer], officer_id: int, unreachable: Collection[int] = ()
) -> list[Cover]:
    """Who stands in when, over the whole of an absence: deputies may be away for a part of it. Nobody stands in who is
    among the `unreachable`. Empty where no absence is given."""
    officer = officers[officer_id]
    if officer.absent_from is None or officer.absent_until is None:
        return []
    found: list[Cover] = []
    for day in _changes_of_presence(officers, officer.absent_from, officer.absent_until):
        who = stand_in(officers, officer_id, day)
        who = None if who in unreachable else who
        if found:
            found[-1] = replace(found[-1], last=day - timedelta(days=1))
        if found and found[-1].officer_id == who:
            found[-1] = replace(found[-1], last=officer.absent_until)
        else:
            found.append(Cover(day, officer.absent_until, who))
    return found


def _changes_of_presence(officers: Mapping[int, Officer], first: date, last: date) -> list[date]:
    """The days between first and last on which somebody goes or is back, and the first."""
    days = {first}
    for officer in officers.values():
        if officer.absent_from is not None and officer.absent_until is not None:
            days |= {officer.absent_from, officer.absent_until + timedelta(days=1)}
    return sorted(day for day in days if first <= day <= last)


def end_absence(officer: Officer, today: date) -> None:
    """Back again, from today; an absence that has not begun is given up. One that has passed stays as it is."""
    if officer.absent_from is None or officer.absent_until is None or officer.absent_until < today:
        return
    if officer.absent_from < today:
        officer.absent_until = today - timedelta(days=1)
    else:
        officer.absent_from = officer.absent_until = officer.stand_in_id = None
