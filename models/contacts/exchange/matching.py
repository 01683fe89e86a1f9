"""Who is meant by a contact of a file: by its UID, then by a mail address, then by name and city or organisation.

What is not clear is not guessed: two contacts of the file that mean the same person, several people who fit, somebody
of another name with the same address. A person decides then.
"""

from dataclasses import dataclass, field

from models.base import N_
from models.contacts.exchange.known import Neighbours, Register, name_key, own_key
from models.contacts.exchange.record import ContactRecord
from models.contacts.people import Person
from models.folding import fold
from models.imports.plan import Remark

SEVERAL = N_("Several contacts here could be meant. Please choose.")
OTHER_NAME = N_("Somebody here has the same e-mail address under another name. Please choose.")
TWICE = N_("Number {n} of the file means the same person. Please choose.")
ERASED = N_("This person was erased here. Please add her again only if you may.")
BY_UID, BY_EMAIL, BY_NAME = "uid", "email", "name"


@dataclass(frozen=True)
class Match:
    """Who is meant. `person_id` None: nobody here. `doubt` says why a person has to decide; `candidates` are those to
    choose from then."""

    person_id: int | None = None
    by: str = ""
    doubt: Remark | None = None
    candidates: tuple[int, ...] = ()


@dataclass
class Matcher:
    """Finds who is meant; it remembers the contacts of the file that it has seen."""

    register: Register
    installation: str
    _seen: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _taken: dict[int, int] = field(default_factory=dict)

    def match(self, record: ContactRecord, around: Neighbours) -> Match:
        """Who is meant by the next contact of the file."""
        found = self._found(record, around)
        twin = self._twin(record)
        if found.person_id is not None and found.doubt is None:
            first = self._taken.setdefault(found.person_id, record.number)
            twin = first if first != record.number else None
        if twin is not None and found.doubt is None:
            candidates = (found.person_id,) if found.person_id is not None else ()
            return Match(None, found.by, Remark(TWICE, {"n": twin}), candidates)
        return found

    def _found(self, record: ContactRecord, around: Neighbours) -> Match:
        uid = str(record.values.get("uid", ""))
        key = own_key(uid, self.installation)
        if key is not None and key in around.gone:
            return Match(doubt=Remark(ERASED))
        key = around.led_on.get(key, key) if key is not None else None
        if key in around.people and is_same_name(record, around.people[key]):
            return Match(key, BY_UID)
        by_uid = around.by_uid.get(uid, set()) if uid else set()
        if by_uid:
            return _clear(by_uid, BY_UID)
        by_email = {k for a in record.addresses for k in around.by_email.get(a.casefold(), ())}
        same = {key for key in by_email if is_same_name(record, around.people[key])}
        if same:
            return _clear(same, BY_EMAIL)
        by_name = self._at_the_same_place(record, around)
        if by_name:
            return _clear(by_name, BY_NAME)
        if by_email and not self._is_shared(by_email):
            return Match(None, BY_EMAIL, Remark(OTHER_NAME), tuple(sorted(by_email)))
        return Match()

    @staticmethod
    def _is_shared(keys: set[int]) -> bool:
        """An address that several people here have is a mailbox of the house; it names nobody."""
        return len(keys) > 1

    def _at_the_same_place(self, record: ContactRecord, around: Neighbours) -> set[int]:
        place = self.register.place(record.city)
        organisation = self.register.organisation(record.organisation, record.organisation_city, record.city)
        found = set()
        for key in around.by_name.get(name_key(record), ()):
            person = around.people[key]
            is_there = place is not None and person.place_id == place
            works_there = organisation is not None and person.organisation_id == organisation
            says_nothing = not record.organisation and place is None and _is_nowhere(person)
            if is_there or works_there or says_nothing:
                found.add(key)
        return found

    def _twin(self, record: ContactRecord) -> int | None:
        """The number of the contact in this file that means the same person, if there was one."""
        name = name_key(record)
        keys = [("uid", uid)] if (uid := str(record.values.get("uid", ""))) else []
        keys += [("email", f"{address.casefold()} {name}") for address in record.addresses]
        where = fold(record.city), fold(record.organisation)
        keys += [("place", f"{name} in {place}") for place in where if place]
        keys += [] if any(where) or record.addresses else [("name", name)]
        twin = next((self._seen[key][0] for key in keys if key in self._seen), None)
        for key in keys:
            self._seen.setdefault(key, (record.number, name))
        return twin


def _is_nowhere(person: Person) -> bool:
    return person.place_id is None and person.organisation_id is None


def _clear(keys: set[int], by: str) -> Match:
    if len(keys) == 1:
        return Match(next(iter(keys)), by)
    return Match(None, by, Remark(SEVERAL), tuple(sorted(keys)))


def is_same_name(record: ContactRecord, person: Person) -> bool:
    """Whether a contact's name can be this person's: the words of one are among those of the other."""
    mine, theirs = set(name_key(record).split()), set(person.sort_key.split())
    return not mine or not theirs or mine <= theirs or theirs <= mine
