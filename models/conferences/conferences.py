"""Conferences: a date is stored only as exactly as it is known; a guess is never a date."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, col, select

from models.base import (
    CODE,
    LINE,
    N_,
    NAME,
    NOTE,
    URL,
    Labelled,
    Recorded,
    Searchable,
    enum_column,
    in_language,
    text,
)
from models.database import matches
from models.language import country_name, day_text, month_text, translator
from models.officers import duty


class Series(Labelled):
    FABX = "fabx", N_("FABx")
    SUMMIT = "summit", N_("Fab City Summit")
    RELATED = "related", N_("Related event")


class DatePrecision(Labelled):
    DAY = "day", N_("to the day")
    WEEK = "week", N_("within these days")
    MONTH = "month", N_("to the month")
    YEAR = "year", N_("to the year")
    UNKNOWN = "unknown", N_("not known")


class Mode(Labelled):
    ONSITE = "onsite", N_("on site")
    HYBRID = "hybrid", N_("on site and online")
    ONLINE = "online", N_("online")


class ConferenceStatus(Labelled):
    NOT_ANNOUNCED = "not_announced", N_("not announced yet")
    ANNOUNCED = "announced", N_("announced")
    POSTPONED = "postponed", N_("postponed")
    CANCELLED = "cancelled", N_("cancelled")
    HELD = "held", N_("held")


class Conference(Searchable, table=True):
    """One edition. `starts_on` is an anchor for reminders only with `date_precision` day."""

    __tablename__ = "conference"
    __table_args__ = (
        CheckConstraint("date_precision not in ('day', 'week') or starts_on is not null", name="dated"),
        CheckConstraint("date_precision in ('day', 'week') or starts_on is null", name="undated"),
        CheckConstraint(
            "date_precision <> 'month' or (month between 1 and 12 and year is not null)", name="month"
        ),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="order"),
    )

    slug: str | None = Field(default=None, unique=True, max_length=CODE)
    series: Series = enum_column(Series, Series.RELATED)
    number: int | None = None
    name: str = text(NAME)
    year: int | None = Field(default=None, index=True)
    month: int | None = None
    city: str = text(NAME)
    country_code: str = text(2)
    starts_on: date | None = Field(default=None, index=True)
    ends_on: date | None = None
    date_precision: DatePrecision = enum_column(DatePrecision, DatePrecision.UNKNOWN)
    mode: Mode | None = enum_column(Mode, nullable=True)
    parent_id: int | None = Field(default=None, foreign_key="conference.id", ondelete="SET NULL")
    postponed_from: int | None = None
    status: ConferenceStatus = enum_column(ConferenceStatus, ConferenceStatus.NOT_ANNOUNCED)
    website: str = text(URL)
    responsible_id: int | None = duty(index=True)
    source: str = text(NOTE)
    as_of: str = text(CODE)
    note_de: str = text(NOTE)
    note_en: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.name

    def sort_name(self) -> str:
        return self.name

    def note(self, language: str) -> str:
        return in_language(language, self.note_de, self.note_en)

    def search_parts(self) -> list[str]:
        countries = (
            [country_name(self.country_code, code) for code in ("de", "en")] if self.country_code else []
        )
        return [self.name, self.city, *countries, str(self.year or ""), self.note_de, self.note_en]

    @property
    def anchor_on(self) -> date | None:
        """The first day, if it is known to the day; only then can a reminder hang on it."""
        return self.starts_on if self.date_precision is DatePrecision.DAY else None

    @property
    def last_day(self) -> date | None:
        return self.ends_on or self.starts_on

    def where(self, language: str) -> str:
        country = country_name(self.country_code, language) if self.country_code else ""
        return ", ".join(part for part in (self.city, country) if part)

    def when(self, language: str) -> str:
        """The date as exactly as it is known, in words."""
        _ = translator(language)
        if self.starts_on is not None:
            days = days_text(self.starts_on, self.last_day or self.starts_on, language)
            return _("within {days}").format(days=days) if self.date_precision is DatePrecision.WEEK else days
        if self.date_precision is DatePrecision.MONTH and self.year and self.month:
            return month_text(self.year, self.month, language)
        if self.date_precision is DatePrecision.YEAR and self.year:
            return str(self.year)
        return _("date unknown")


def days_text(first: date, last: date, language: str) -> str:
    """One day or a range: 04.07.–11.07.2025 in German, 4–11 July 2025 in English."""
    end = day_text(last, language)
    if first == last:
        return end
    if first.year != last.year:
        return f"{day_text(first, language)} – {end}"
    if language == "de":
        return f"{first:%d.%m.}–{end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%B} – {end}"


class ConferenceDeadline(Recorded, table=True):
    """A last day before a conference: papers, early booking, travel approval."""

    __tablename__ = "conference_deadline"

    conference_id: int = Field(foreign_key="conference.id", ondelete="CASCADE", index=True)
    name: str = text(NAME)
    due_on: date = Field(index=True)
    responsible_id: int | None = duty()
    deputy_id: int | None = duty()
    done_on: date | None = None
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.name


class Participation(Recorded, table=True):
    """Who of us goes to a conference."""

    __tablename__ = "participation"

    conference_id: int = Field(foreign_key="conference.id", ondelete="CASCADE", index=True)
    officer_id: int | None = duty(index=True)
    role: str = text(LINE)

    def title(self, language: str) -> str:
        return self.role or ("Teilnahme" if language == "de" else "Participation")


def conferences(session: Session, query: str = "", series: Series | None = None) -> list[Conference]:
    """All editions, the newest first; what has no date yet comes before what has, within its year."""
    found = select(Conference).where(*matches(Conference, query))
    if series is not None:
        found = found.where(Conference.series == series)
    rows = session.exec(found).all()
    return sorted(rows, key=lambda c: (-(c.year or 0), _order_in_year(c), c.sort_key))


def _order_in_year(conference: Conference) -> int:
    if conference.starts_on:
        return -conference.starts_on.timetuple().tm_yday
    return -conference.month * 31 if conference.month else -400


def next_conference(session: Session, today: date) -> Conference | None:
    """The next one that is known to the day and not cancelled."""
    return session.exec(
        select(Conference)
        .where(
            Conference.date_precision == DatePrecision.DAY,
            col(Conference.starts_on) >= today,
            Conference.status != ConferenceStatus.CANCELLED,
        )
        .order_by(col(Conference.starts_on), col(Conference.id))
    ).first()


def unannounced(session: Session) -> list[Conference]:
    """Editions that are expected and not announced."""
    return list(
        session.exec(
            select(Conference)
            .where(Conference.status == ConferenceStatus.NOT_ANNOUNCED)
            .order_by(col(Conference.year), col(Conference.series))
        )
    )


def deadlines_of(session: Session, conference_id: int) -> list[ConferenceDeadline]:
    """The deadlines of a conference, the earliest first."""
    return list(
        session.exec(
            select(ConferenceDeadline)
            .where(ConferenceDeadline.conference_id == conference_id)
            .order_by(col(ConferenceDeadline.due_on))
        )
    )


def participants_of(session: Session, conference_id: int) -> list[Participation]:
    """Who of us goes."""
    return list(session.exec(select(Participation).where(Participation.conference_id == conference_id)))


def is_going(session: Session, conference_id: int, officer_id: int) -> bool:
    """Whether a colleague is already among those who go."""
    return any(p.officer_id == officer_id for p in participants_of(session, conference_id))


def finish(deadline: ConferenceDeadline, today: date) -> None:
    """Mark a deadline as met. Whoever has its form open is told, so that saving does not open it again."""
    if deadline.done_on is None:
        deadline.done_on = today
        deadline.version += 1
