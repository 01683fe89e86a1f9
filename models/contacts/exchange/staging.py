"""The dry run of an import: each contact of a file as one row that says what it would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.base import N_, NAME
from models.contacts.exchange.checking import checked
from models.contacts.exchange.differences import UNTOUCHED, Difference, difference, is_untouched
from models.contacts.exchange.known import Neighbours, Register, neighbours
from models.contacts.exchange.matching import Match, Matcher
from models.contacts.exchange.record import ContactRecord, Point
from models.contacts.people import Person
from models.contacts.points import PointKind
from models.folding import fold
from models.imports.plan import Remark
from models.imports.staged import RowChoice, remarks_stored

AT_ONCE = 250  # contacts between two looks at the clock

UNKNOWN_CITY = N_("There is no city or region “{value}” here; it is kept as a postal address.")

# What a person says once for the whole file. `legal_basis` and the like of the file itself win.
FACTS = ("origin", "source", "source_on", "legal_basis", "purpose")


@dataclass
class Staging:
    """Makes rows of contacts, one part of the file after the other. `facts`: what holds for everybody of the file that
    says nothing else. `unchanged` counts those who stand here already as the file has them."""

    register: Register
    installation: str
    facts: Mapping[str, Any]
    today: str
    unchanged: int = 0
    matcher: Matcher = field(init=False)

    def __post_init__(self) -> None:
        self.matcher = Matcher(self.register, self.installation)

    def rows(self, session: Session, records: Iterable[ContactRecord]) -> list[dict[str, Any]]:
        """The rows of the next contacts, as columns of `import_row`."""
        known = [checked(record) for record in records]
        good = [record for record in known if not record.faults]
        for record in good:
            self._settle_city(record)
        around = neighbours(session, good, self.installation)
        rows = (self._row(record, around) for record in known)
        return [row for row in rows if row is not None]

    def _row(self, record: ContactRecord, around: Neighbours) -> dict[str, Any] | None:
        if record.faults:
            return self._columns(record, RowChoice.SKIP)
        match = self.matcher.match(record, around)
        self._note_organisation(record)
        if match.doubt is not None:
            return self._doubtful(record, match, around)
        if match.person_id is None:
            return self._columns(record, RowChoice.NEW)
        return self.compared(record, around.people[match.person_id], around, match.by)

    def compared(
        self, record: ContactRecord, person: Person, around: Neighbours, by: str
    ) -> dict[str, Any] | None:
        """The row of a contact that means this person; None where it would change nothing and there is nothing to say
        of it."""
        found = difference(
            self._with_facts_for(record, person), person, around, self.register, self.installation
        )
        if is_untouched(person):
            self.unchanged += 1
            if found.is_empty:
                return None
            record.remarks.append(Remark(UNTOUCHED))
            return self._columns(record, RowChoice.SKIP, {"by": by, "untouched": True}, person)
        if found.is_empty:
            self.unchanged += 1
            return None
        record.remarks += found.remarks
        return self._columns(record, RowChoice.UPDATE, {"by": by}, person, found)

    def _doubtful(self, record: ContactRecord, match: Match, around: Neighbours) -> dict[str, Any] | None:
        """A contact that a person has to decide on; one that changes nothing at the only one meant is let pass."""
        if len(match.candidates) == 1 and match.by:
            person = around.people[match.candidates[0]]
            if difference(record, person, around, self.register, self.installation).is_empty:
                self.unchanged += 1
                return None
        if match.doubt is not None:
            record.remarks.append(match.doubt)
        return self._columns(record, RowChoice.SKIP, {"by": match.by, "candidates": list(match.candidates)})

    def _with_facts_for(self, record: ContactRecord, person: Person) -> ContactRecord:
        """Facts of the whole file only fill what is empty at somebody who stands here already."""
        missing = {
            name: self.facts[name]
            for name in ("source", "source_on", "purpose")
            if self.facts.get(name) and not getattr(person, name) and not record.values.get(name)
        }
        if not missing:
            return record
        values = {**record.values, **missing}
        return ContactRecord(
            record.number, values, record.organisation, record.organisation_city, record.city, record.points,
            record.roles, record.tags,
        )  # fmt: skip

    def _columns(
        self,
        record: ContactRecord,
        choice: RowChoice,
        about: Mapping[str, Any] | None = None,
        person: Person | None = None,
        found: Difference | None = None,
    ) -> dict[str, Any]:
        values = {"record": record.stored(), **(about or {})}
        if found is not None:
            values["change"] = stored_difference(found)
        return {
            "number": record.number,
            "title": record.title[:NAME],
            "subject_id": person.id if person else None,
            "row_version": person.version if person else 0,
            "choice": choice,
            "before": found.before if found else {},
            "values": values,
            "faults": remarks_stored(record.faults),
            "remarks": remarks_stored(record.remarks),
        }

    def _settle_city(self, record: ContactRecord) -> None:
        """A city that is no place here goes to a new organisation, or else it becomes a postal address."""
        if not record.city or self.register.place(record.city) is not None:
            return
        organisation = self.register.organisation(record.organisation, record.organisation_city, record.city)
        if record.organisation and organisation is None:
            record.organisation_city = record.organisation_city or record.city
        is_said = organisation is not None and self.register.city_of(organisation) == fold(record.city)
        is_said = is_said or fold(record.organisation_city) == fold(record.city)
        postal = (p.value for p in record.points if p.kind is PointKind.POSTAL)
        if not is_said and not any(fold(record.city) in fold(value) for value in postal):
            record.points.append(Point(PointKind.POSTAL, record.city))
            record.remarks.append(Remark(UNKNOWN_CITY, {"value": record.city}))

    def _note_organisation(self, record: ContactRecord) -> None:
        named = [(record.organisation, record.organisation_city, record.city)]
        for name, its_city, near in (*named, *((role.organisation, "", "") for role in record.roles)):
            if name and self.register.organisation(name, its_city, near) is None:
                self.register.add_organisation(name, its_city or near)


def stored_difference(found: Difference) -> dict[str, Any]:
    """As JSON: columns after, the organisation to be made, and what is added."""
    return {
        "after": found.after,
        "organisation": found.organisation,
        "points": [[p.kind.value, p.value, p.label] for p in found.points],
        "roles": [[r.function, r.organisation, r.role_from, r.role_to, r.note] for r in found.roles],
        "tags": found.tags,
    }
