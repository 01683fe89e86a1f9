"""What is done with lines of a visiting card that say nothing for the work: kept as they stand, or not taken over."""

import re

from models.base import N_
from models.documents.vcard import CardRemark
from models.documents.vcard_properties import Head, Property, cleaned

BIRTHDAY = CardRemark(
    N_(
        "Not taken over: the birthday or another personal day. It is not needed for the work (data minimisation)."
    )
)
GENDER = CardRemark(N_("Not taken over: the gender. It is not needed for the work (data minimisation)."))
FAMILY = CardRemark(
    N_("Not taken over: relatives or friends. They are not needed for the work (data minimisation).")
)
AGENT = CardRemark(N_("Not taken over: the card of somebody else in this card. Please import it on its own."))
DATA = CardRemark(N_("Not taken over: attached data. It is not needed for the work (data minimisation)."))

# GDPR Art. 5(1)(c). The X- names: Apple, Evolution, KDE, Outlook.
PRIVATE = {
    **dict.fromkeys(
        ("BDAY", "ANNIVERSARY", "DEATHDATE", "BIRTHPLACE", "DEATHPLACE", "X-ANNIVERSARY", "X-MS-ANNIVERSARY",
         "X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY", "X-BIRTHDAY", "X-ABDATE"), BIRTHDAY,
    ),
    **dict.fromkeys(("GENDER", "X-GENDER", "X-WAB-GENDER"), GENDER),
    **dict.fromkeys(
        ("RELATED", "X-ABRELATEDNAMES", "X-SPOUSE", "X-MS-SPOUSE", "X-MS-CHILD", "X-CHILD", "X-EVOLUTION-SPOUSE",
         "X-KADDRESSBOOK-X-SPOUSESNAME"), FAMILY,
    ),
    "AGENT": AGENT,
}  # fmt: skip
NOTHING = frozenset(("VERSION", "PRODID", "PROFILE", "BEGIN", "END", "X-PRODID"))
GROUPED = frozenset(("X-ABLABEL", "X-ABADR"))  # belong to another line of their group
_DATA = re.compile(r"\s*data:[^,]{0,100};base64,", re.IGNORECASE)
_KEPT_NAME = re.compile(r"[A-Z0-9_-]+", re.ASCII | re.IGNORECASE)


def not_taken(one: Property) -> CardRemark | None:
    """Why this line may not be kept; None where it may."""
    if one.head.name in PRIVATE:
        return PRIVATE[one.head.name]
    return DATA if one.head.encoding in ("B", "BASE64") or _DATA.match(one.value) else None


def kept_lines(other: list[Property]) -> tuple[str, ...]:
    """Lines that nobody here understands, in the manner of vCard 4.0; a label only beside what it names."""
    groups = {one.head.group for one in other if one.head.name not in GROUPED} - {""}
    lines = []
    for one in other:
        head, name = one.head, one.head.spelled.replace("/", "-")
        if _KEPT_NAME.fullmatch(name) and (head.name not in GROUPED or head.group in groups):
            group = f"{head.group}." if head.group else ""
            value = cleaned(one.value).strip().replace("\n", "\\n")
            lines.append(f"{group}{name}{_parameters(head)}:{value}")
    return tuple(lines)


def _parameters(head: Head) -> str:
    words = f";TYPE={','.join(head.types)}" if head.types else ""
    order = f";PREF={max(1, min(head.preference, 100))}" if head.preference < 101 else ""
    return words + order + "".join(f";{key}={_quoted(value)}" for key, value in head.further)


def _quoted(value: str) -> str:
    for plain, written in (("^", "^^"), ("\n", "^n"), ('"', "^'")):
        value = value.replace(plain, written)
    return f'"{value}"' if any(c in value for c in ",;:") else value
