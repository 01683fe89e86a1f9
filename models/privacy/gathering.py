"""The identifiers of a person, gathered from her rows, their history, merges and imports; without those that are
somebody else's as well."""

from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlmodel import Session

from models.city import the_city
from models.contacts.people import PersonState
from models.folding import fold
from models.privacy.identifiers import Identifiers
from models.privacy.spellings import digits_of
from models.privacy.whose import Owned, entries_of_two, merges_of, portions, table_named

# Tables whose columns, today's and former ones, say by what somebody is recognised.
_TELLING = ("person", "contact_point")


def gather(session: Session, owned: Owned) -> Identifiers:
    """What is hers and nobody else's."""
    found = Identifiers()
    for name in _TELLING:
        for row in _rows(session, name, owned.get(name, set())):
            found.take(row)
    own = owned.get("audit_entry", set()) - entries_of_two(session, owned["person"])
    for entry in _rows(session, "audit_entry", own):
        if entry["subject_kind"] in _TELLING:
            found.take_deep(entry["changes"])
        if entry["subject_kind"] == "contact_point":  # "Büro: 0341 …", of one that was deleted too
            found.take({"value": entry["label"].rsplit(": ", 1)[-1]})
    for change in _rows(session, "import_change", owned.get("import_change", set())):
        found.take_deep([change["before"], change["after"]])
    for merge in merges_of(session, owned["person"]):
        # A merge that was undone tells of two people; only the one that is erased now is meant.
        if merge.undone_at is None:
            found.take_deep([merge.before, merge.after])
    left = found.without(_taken(session, owned, found))
    _part_whole_names(session, found.whole, left)
    return left


def _part_whole_names(session: Session, whole: set[str], left: Identifiers) -> None:
    """ "Anna Groß" in the field of the family name, as phones write cards. The name of an office is nobody's name."""
    offices = (
        [fold(name) for t in ("organisation", "place") for name in _names_in(session, t)] if whole else []
    )
    for one in whole:
        if any(fold(one) in name for name in offices):
            left.shared.add(one)
        else:
            first, _blank, last = one.rpartition(" ")
            left.names.add((first, last))


def _names_in(session: Session, table: str) -> list[str]:
    return list(session.connection().execute(select(table_named(table).c.name)).scalars())


def _rows(session: Session, name: str, keys: set[int]) -> list[dict[str, Any]]:
    table = table_named(name)
    found: list[dict[str, Any]] = []
    for portion in portions(keys):
        rows = session.connection().execute(select(table).where(table.c.id.in_(portion)))
        found += [dict(row._mapping) for row in rows]
    return found


def _taken(session: Session, owned: Owned, hers: Identifiers) -> Identifiers:
    """Names and addresses of colleagues, functional mailboxes, what other contacts use too."""
    taken, connection = Identifiers(), session.connection()
    officer, organisation, person = (table_named(n) for n in ("officer", "organisation", "person"))
    for name, email in connection.execute(select(officer.c.name, officer.c.email)):
        first, _blank, last = name.rpartition(" ")
        taken.names |= {(first, last), (last, first)}
        taken.addresses.add(email)
    city = the_city(session)
    shared = {city.unit_email, city.technical_email}
    shared |= set(
        connection.execute(select(organisation.c.email).where(organisation.c.email != "")).scalars()
    )
    points = table_named("contact_point")
    of_offices = points.c.organisation_id.is_not(None)
    for value in connection.execute(select(points.c.value).where(of_offices)).scalars():
        (shared if "@" in value else taken.numbers).add(value)
    taken.addresses |= {one for one in shared if not _says_her_name(one, hers)}
    others = (person.c.state == PersonState.ACTIVE) & person.c.id.not_in(owned["person"])
    same_mail = person.c.email_key.in_({one.casefold() for one in hers.addresses})
    taken.addresses |= set(connection.execute(select(person.c.email).where(others, same_mail)).scalars())
    ends = [person.c.phone_key.like(f"%{digits_of(n)}") for n in hers.numbers if digits_of(n)]
    for condition in ends:
        taken.numbers |= set(connection.execute(select(person.c.phone).where(others, condition)).scalars())
    _take_further(session, taken, owned, hers)
    return taken


def _take_further(session: Session, taken: Identifiers, owned: Owned, hers: Identifiers) -> None:
    """Her addresses and numbers that stand among the further ones of other contacts."""
    points, person = table_named("contact_point"), table_named("person")
    theirs = points.c.person_id.in_(
        select(person.c.id).where(person.c.state == PersonState.ACTIVE, person.c.id.not_in(owned["person"]))
    )
    same = [points.c.value_key.in_({fold(one) for one in hers.addresses})]
    same += [points.c.value_key.like(f"%{digits_of(n)}") for n in hers.numbers if digits_of(n)]
    found = select(points.c.value).where(theirs, or_(*same))
    for value in session.connection().execute(found).scalars():
        if "@" not in value:
            taken.numbers.add(value)
        elif not _says_her_name(value, hers):
            taken.addresses.add(value)


def _says_her_name(address: str, hers: Identifiers) -> bool:
    """anna.gross@… is hers, wherever it stands."""
    local = fold(address.split("@")[0])
    return any(w in local for name in hers.names for one in name for w in fold(one).split() if len(w) > 2)


def namesakes(session: Session, owned: Owned, hers: Identifiers) -> set[int]:
    """Other people with just her name, or one in which it stands (Anna Klein-Groß): a mention of it may mean them."""
    person = table_named("person")
    others = person.c.id.not_in(owned["person"]) & (person.c.state != PersonState.ERASED)
    words = [fold(" ".join(name)).replace("-", " ").split() for name in hers.names]
    alike = or_(
        false(), *(and_(*(person.c.given_key.contains(w, autoescape=True) for w in one)) for one in words)
    )
    found = select(person.c.id, person.c.given_name, person.c.family_name).where(others, alike)
    return {
        key for key, given, family in session.connection().execute(found) if hers.names_one(given, family)
    }
