"""Between a visiting card (vCard) and a contact: nothing of the card is lost."""

from collections.abc import Iterable

from models.base import N_
from models.contacts.exchange.languages import chosen_languages
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.phones import phone_address
from models.contacts.points import PointKind
from models.documents import vcard
from models.documents.vcard import Card, ReadCard
from models.imports.plan import Remark

AN_ORGANISATION = N_("This card is an organisation's, not a person's.")
SUFFIX = N_("Name suffix: {suffix}")

# What the standard's words mean on our pages; "work" says nothing where everybody is at work.
_LABELS = {"fax": "Fax", "cell": "mobil", "home": "privat", "pager": "Funkruf", "main": "Zentrale"}
_TYPES = {label: word for word, label in _LABELS.items()}


def record_of_card(read: ReadCard) -> ContactRecord:
    """A card as it was read; without a card the record holds nothing but its fault."""
    record = ContactRecord(read.number, remarks=[Remark(r.text, r.values) for r in read.remarks])
    card = read.card
    if card is None or read.fault is not None:
        record.values["family_name"] = read.title
        if read.fault is not None:
            record.faults.append(Remark(read.fault.text, read.fault.values))
        return record
    if card.is_organisation:
        record.faults.append(Remark(AN_ORGANISATION))
    _take_names(record, card)
    _take_reach(record, card)
    first, others = chosen_languages(card.languages)
    record.values.update(language=first, other_languages=others, other_properties="\n".join(card.other))
    record.tags = list(card.tags)
    return record


def _take_names(record: ContactRecord, card: Card) -> None:
    given, family = card.given_name, card.family_name
    if not given and not family:
        given, family = vcard.parted(card.name)
    note = "\n".join(part for part in (card.note, _suffix(card)) if part)
    record.values.update(
        uid=card.uid, honorific=card.honorific, given_name=given, family_name=family, note=note
    )
    first, *more = [(_function(role), role.organisation) for role in card.roles] or [("", "")]
    record.values["function"], record.organisation = first
    record.roles = [Role(function, organisation) for function, organisation in more]


def _suffix(card: Card) -> str:
    return f"Namenszusatz: {card.suffix}" if card.suffix and card.suffix not in card.note else ""


def _function(role: vcard.Role) -> str:
    return ", ".join(part for part in (role.function, role.unit) if part)


def _take_reach(record: ContactRecord, card: Card) -> None:
    # A fax is not called; the number at home is the last that an office calls.
    phones = sorted(card.phones, key=lambda phone: ("fax" in phone.types, "home" in phone.types))
    for name, kind, found in (("email", PointKind.EMAIL, card.emails), ("phone", PointKind.PHONE, phones)):
        points = [Point(kind, p.value, _label(p.label, p.types)) for p in found if p.value]
        if points and points[0].label != _LABELS["fax"]:
            record.values[name] = points.pop(0).value
        record.points += points
    for postal in card.addresses:
        record.city = record.city or postal.locality
        if postal.written or [part for part in (postal.street, postal.code, postal.post_box) if part]:
            record.points.append(Point(PointKind.POSTAL, postal.lines, _label(postal.label, postal.types)))
    record.points += [Point(PointKind.WEB, p.value, _label(p.label, p.types)) for p in card.websites]


def _label(label: str, types: Iterable[str]) -> str:
    return label or next((_LABELS[word] for word in types if word in _LABELS), "")


def card_of(record: ContactRecord) -> Card:
    """A contact as a card."""
    values = record.values
    main = vcard.Role(record.organisation, values.get("function", ""))
    further = (vcard.Role(role.organisation, role.function) for role in record.roles if not role.role_to)
    codes = (values.get("language", ""), *values.get("other_languages", "").split())
    phones = [Point(PointKind.PHONE, values["phone"])] if values.get("phone") else []
    phones += [point for point in record.points if point.kind is PointKind.PHONE]
    return Card(
        name=record.title,
        uid=values.get("uid", ""),
        given_name=values.get("given_name", ""),
        family_name=values.get("family_name", ""),
        honorific=values.get("honorific", ""),
        roles=tuple(role for role in (main, *further) if role.organisation or role.function),
        emails=tuple(_points(record, PointKind.EMAIL, values.get("email", ""))),
        phones=tuple(_phone(point, record.keys.get(point.value, "")) for point in phones),
        addresses=tuple(_postals(record)),
        websites=tuple(_points(record, PointKind.WEB, "")),
        languages=tuple(code for code in codes if code),
        note=values.get("note", ""),
        tags=tuple(record.tags),
        other=tuple(values.get("other_properties", "").splitlines()),
    )


def _points(record: ContactRecord, kind: PointKind, first: str) -> Iterable[vcard.Point]:
    if first:
        yield vcard.Point(first)
    for point in record.points:
        if point.kind is kind:
            yield vcard.Point(point.value, *_written_label(point.label))


def _written_label(label: str) -> tuple[str, tuple[str, ...]]:
    """A label of ours as the standard's word where it has one."""
    return ("", (_TYPES[label],)) if label in _TYPES else (label, ())


def _phone(point: Point, key: str) -> vcard.Point:
    """A number to be dialled. `key`: its E.164 form, if that is known; to read 20,000 numbers again takes seconds."""
    label, types = _written_label(point.label)
    is_whole = key.startswith("+") and not any(c.isalpha() or c in "#;," for c in point.value)  # no extension
    return vcard.Point(point.value, label, types, f"tel:{key}" if is_whole else phone_address(point.value))


def _postals(record: ContactRecord) -> Iterable[vcard.Postal]:
    if record.city:
        yield vcard.Postal(locality=record.city)
    for point in record.points:
        if point.kind is PointKind.POSTAL:
            label, types = _written_label(point.label)
            yield vcard.Postal(written=point.value, label=label, types=types)
