"""What belongs to the city and this installation: names, zone, the state of its automatic sending."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, select

from models.base import ADDRESS, CODE, NAME, NOTE, Recorded, text


class City(Recorded, table=True):
    """The one city that this installation serves."""

    __tablename__ = "city"

    name: str = text(NAME)
    unit: str = text(NAME)
    unit_email: str = text(ADDRESS)
    state: str = text(2, default="SN")
    zone: str = text(CODE, default="Europe/Berlin")
    installation: str = text(CODE)
    is_demo: bool = False
    mail_checked_on: date | None = None
    technical_email: str = text(ADDRESS)
    first_steps_hidden: bool = False
    postal_address: str = text(NOTE)
    privacy_officer: str = text(NOTE)
    privacy_authority: str = text(NOTE)
    contacts_keep_months: int = 24  # after the last role ended
    mails_keep_months: int = 12  # the text of sent mails; the record that they went out stays
    sessions_keep_days: int = 30
    created_at: datetime = Field()

    def title(self, language: str) -> str:
        return self.name

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def the_city(session: Session) -> City:
    """The city's row. Raises LookupError before the starter data is loaded."""
    found = session.exec(select(City)).first()
    if found is None:
        raise LookupError("no starter data: run `python -m jobs migrate`")
    return found
