"""A contact from a file, before it is taken: texts as forms would keep them, limits, addresses, numbers."""

import re

from sqlalchemy import Text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from models.base import ADDRESS, CODE, N_, NAME, NOTE
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.people import Person
from models.contacts.phones import read_phone
from models.contacts.points import PointKind
from models.documents.workbook_reading import plain_text
from models.imports.plan import Remark

TAGS_LIMIT = 50
POINTS_LIMIT = 50

NO_NAME = N_("There is no name.")
TOO_LONG = N_("The text is too long: {n} characters, at most {limit}.")
NO_ADDRESS = N_("“{value}” is no e-mail address.")
ODD_PHONE = N_("“{value}” cannot be read as a phone number; it is kept as it was typed.")
TOO_MANY = N_("There are too many of them: {n}, at most {limit}.")

_USUAL = re.compile(
    r"[a-z0-9][a-z0-9._+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}", re.I
)


def _limits() -> dict[str, int]:
    columns = SQLModel.metadata.tables[str(Person.__tablename__)].columns
    found = {c.name: NOTE for c in columns if isinstance(c.type, Text)}
    for column in columns:
        if isinstance(column.type, AutoString):
            found[column.name] = int(getattr(column.type, "length", None) or NAME)
    return {**found, "organisation": NAME, "organisation_city": NAME, "city": NAME}


LIMITS = _limits()


def checked(record: ContactRecord) -> ContactRecord:
    """The record with clean texts; its faults and remarks grow by what is wrong with it."""
    for name, value in list(record.values.items()):
        if isinstance(value, str) and name in LIMITS:
            record.values[name] = _clean(record, name, value)
    record.values = {name: value for name, value in record.values.items() if value not in ("", False, None)}
    for name in ("organisation", "organisation_city", "city"):
        setattr(record, name, _clean(record, name, getattr(record, name)))
    record.points = [point for point in (_point(record, point) for point in record.points) if point.value]
    record.roles = [_role(record, role) for role in record.roles]
    tags = (_clean(record, "tags", tag, CODE) for tag in record.tags)
    record.tags = list(dict.fromkeys(tag for tag in tags if tag))
    for name, some, most in (("tags", record.tags, TAGS_LIMIT), ("points", record.points, POINTS_LIMIT)):
        if len(some) > most:
            record.faults.append(Remark(TOO_MANY, {"n": len(some), "limit": most}, (name,)))
    if not record.values.get("family_name") and not record.values.get("given_name"):
        record.faults.insert(0, Remark(NO_NAME))
    _check_reach(record)
    return record


def _clean(record: ContactRecord, name: str, value: str, limit: int = 0) -> str:
    limit = limit or LIMITS[name]
    value = plain_text(value)
    if limit < NOTE:
        value = " ".join(value.split())
    if len(value) > limit:
        record.faults.append(Remark(TOO_LONG, {"n": len(value), "limit": limit}, (name,)))
    return value


def _point(record: ContactRecord, point: Point) -> Point:
    name = f"{point.kind.value}_points"
    limit = NOTE if point.kind is PointKind.POSTAL else ADDRESS if point.kind is PointKind.EMAIL else 2_000
    return Point(
        point.kind, _clean(record, name, point.value, limit), _clean(record, name, point.label, NAME)
    )


def _role(record: ContactRecord, role: Role) -> Role:
    function, organisation = (
        _clean(record, "roles", text, NAME) for text in (role.function, role.organisation)
    )
    note = _clean(record, "roles", role.note, LIMITS["source"])
    return Role(function, organisation, role.role_from, role.role_to, note)


def _check_reach(record: ContactRecord) -> None:
    for address in record.addresses:
        if not is_address(address):
            record.faults.append(Remark(NO_ADDRESS, {"value": address[:ADDRESS]}, ("email",)))
    phones = [p.value for p in record.points if p.kind is PointKind.PHONE]
    for number in (*([record.values["phone"]] if record.values.get("phone") else []), *phones):
        if read_phone(number) is None:
            record.remarks.append(Remark(ODD_PHONE, {"value": number[:CODE]}, ("phone",)))


def is_address(address: str) -> bool:
    """Whether an address could receive mail; the form of a person judges alike."""
    if _USUAL.fullmatch(address) and ".." not in address and ".@" not in address:
        return True
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True
