"""For whom a handover file is made: one colleague, or everybody who works on the case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from models.application.phases import Application, the_application
from models.followups import FollowUp, open_follow_ups
from models.language import translator
from models.officers import Officer
from models.officers import officers as all_officers
from models.reports.handover import Colleague


@dataclass
class HandoverPart:
    """One colleague's part in the case; without an officer the whole case. What is asked twice is read once."""

    session: Session
    officer: Officer | None
    language: str
    today: date

    @cached_property
    def case(self) -> Application:
        return the_application(self.session)

    @cached_property
    def officers(self) -> Mapping[int, Officer]:
        return {officer.key: officer for officer in all_officers(self.session, with_left=True)}

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """Open follow-ups that count here."""
        return [f for f in open_follow_ups(self.session) if self.role(f.responsible_id, f.deputy_id)]

    def colleague(self, key: int | None) -> Colleague | None:
        """A colleague with an absence that runs or is to come."""
        found = self.officers.get(key or 0)
        if found is None:
            return None
        if found.absent_until is None or found.absent_until < self.today:
            return Colleague(found.key, found.name, found.email)
        stand_in = self.name(found.stand_in_id)
        return Colleague(found.key, found.name, found.email, found.absent_from, found.absent_until, stand_in)

    def name(self, key: int | None) -> str:
        found = self.officers.get(key or 0)
        return found.name if found else ""

    def role(self, responsible_id: int | None, deputy_id: int | None, going: Collection[int] = ()) -> str:
        """In which part the colleague has to do with it; empty: in none. For the whole case: who answers for it."""
        _ = translator(self.language)
        if self.officer is None:
            return self.name(responsible_id) or _("nobody yet")
        key = self.officer.key
        if key == responsible_id:
            return _("responsible")
        if key == deputy_id:
            name = self.name(responsible_id)
            return _("deputy of {name}").format(name=name) if name else _("deputy")
        if key in going:
            return _("takes part")
        is_hers = responsible_id is None and key == self.case.case_lead_id
        return _("as case lead, nobody else is named") if is_hers else ""
