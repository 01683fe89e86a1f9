"""What the columns of other programs' tables mean for a contact: Outlook (German, English), Google, own lists."""

import re
from collections.abc import Iterable

from models.base import N_, Labelled
from models.folding import fold
from models.imports.headings import ListColumn


class Meaning(Labelled):
    """What a column can be for us. `is_many`: several columns may be this."""

    FAMILY = "family_name", N_("Family name")
    GIVEN = "given_name", N_("Given name")
    MIDDLE = "middle", N_("Further given names")
    NAME = "name", N_("Whole name")
    HONORIFIC = "honorific", N_("Academic title")
    FUNCTION = "function", N_("Function")
    ORGANISATION = "organisation", N_("Organisation")
    DEPARTMENT = "department", N_("Department")
    EMAIL = "email", N_("E-mail")
    PHONE = "phone", N_("Phone")
    WEB = "web", N_("Website")
    STREET = "street", N_("Street")
    POSTCODE = "postcode", N_("Postal code")
    CITY = "city", N_("City or region")
    COUNTRY = "country", N_("Country")
    ADDRESS = "address", N_("Whole postal address")
    LANGUAGE = "language", N_("Language")
    TAGS = "tags", N_("Tags")
    NOTE = "note", N_("Note")
    SOURCE = "source", N_("Source")
    SOURCE_ON = "source_on", N_("Date of the source")
    UID = "uid", N_("UID")

    @property
    def is_many(self) -> bool:
        return self in _MANY


_MANY = (
    Meaning.EMAIL, Meaning.PHONE, Meaning.WEB, Meaning.STREET, Meaning.POSTCODE, Meaning.CITY, Meaning.COUNTRY,
    Meaning.ADDRESS, Meaning.TAGS, Meaning.NOTE,
)  # fmt: skip

# Folded words of a heading, without marks; the first line that fits decides. None: not for an office, or no value.
_GUESSES: tuple[tuple[str, Meaning | None], ...] = (
    (r"geburtstag|birthday|jahrestag|anniversary|kinder|children|(^| )(ehe)?partner(in)?( |$)|spouse|photo|foto", None),
    (r"(angezeigter name|display name|typ|type|label|beschriftung|phonetic .*|file as|yomi .*)$", None),
    (r"fax|telex|isdn|funkruf|pager|assistent|assistant|ruckmeldung|callback|texttelefon|tty", None),
    (r"(^| )(privat|home|wohnung)( |$)", None),
    (r"^(uid|kontakt id|contact id|id)$", Meaning.UID),
    (r"e ?mail|^mail( |$)|mailadresse", Meaning.EMAIL),
    (r"telefon|phone|^tel( |$)|mobil|handy|^fon$|durchwahl|rufnummer|zentrale", Meaning.PHONE),
    (r"webseite|website|^web( |$)|homepage|^url( |$)|internet", Meaning.WEB),
    (r"strasse|street|anschrift zeile", Meaning.STREET),
    (r"postleitzahl|^plz( |$)|postal ?code|(^| )zip( |$)", Meaning.POSTCODE),
    (r"postfach|po box|extended|bundesland|^region (geschaftlich|weitere)|state|(^| )region$", None),
    (r"^land( |$)|country|^staat( |$)", Meaning.COUNTRY),
    (r"abteilung|department|referat|sachgebiet", Meaning.DEPARTMENT),
    (r"position|funktion|aufgabe|^rolle( |$)|job title|^organ.* title$|titel der organisation", Meaning.FUNCTION),
    (r"dienststellung|amtsbezeichnung|(^| )stelle$|^role$|^function$", Meaning.FUNCTION),
    (r"firma|company|organi[sz]ation|institution|unternehmen|behorde|^verein|dienststelle", Meaning.ORGANISATION),
    (r"weitere vornamen|zweiter vorname|middle name|additional name", Meaning.MIDDLE),
    (r"vorname|given name|first name|rufname", Meaning.GIVEN),
    (r"nachname|familienname|zuname|last name|family name|surname", Meaning.FAMILY),
    (r"spitzname|nickname|maiden|geburtsname|suffix|initialen|initials|kurzname", None),
    (r"name prefix|akad|^(titel|title|anrede|grad|prafix|namensprafix|honorific)$", Meaning.HONORIFIC),
    (r"^(name|voller name|full name|kontakt|ansprechperson|ansprechpartner|person|wer)$", Meaning.NAME),
    (r"(^| )(ort|stadt|city|kommune|gemeinde)( |$)", Meaning.CITY),
    (r"^(adresse|anschrift|address)( |$)|postanschrift|formatted|formatiert", Meaning.ADDRESS),
    (r"^(sprache|language|korrespondenzsprache)", Meaning.LANGUAGE),
    (r"kategorie|categories|schlagw|^tags?$|^labels$|gruppe|group membership|mitglied", Meaning.TAGS),
    (r"notiz|^notes?$|bemerkung|kommentar|anmerkung|comment", Meaning.NOTE),
    (r"^(quelle|source|herkunft)", Meaning.SOURCE),
    (r"^(stand|datum der quelle)$", Meaning.SOURCE_ON),
)  # fmt: skip


def words_of(heading: str) -> str:
    """A heading in small letters without marks: "E-Mail 2: Adresse" -> "e mail 2 adresse"."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(heading)))


def guess_meaning(heading: str) -> Meaning | None:
    """What a heading may stand for."""
    words = words_of(heading)
    if not words:
        return None
    return next((meaning for pattern, meaning in _GUESSES if re.search(pattern, words)), None)


def guess_columns(columns: Iterable[ListColumn]) -> dict[int, Meaning]:
    """Index -> meaning of the columns that hold anything; where only one may be this, the first."""
    found: dict[int, Meaning] = {}
    for column in columns:
        meaning = guess_meaning(column.heading)
        is_free = meaning is not None and (meaning.is_many or meaning not in found.values())
        if meaning is not None and is_free and column.samples:
            found[column.index] = meaning
    return found


def is_usable(meanings: Iterable[Meaning]) -> bool:
    """Whether a name can be made of these columns."""
    return bool({Meaning.FAMILY, Meaning.GIVEN, Meaning.NAME} & set(meanings))


_PLACES = ("geschaftlich", "business", "work", "weitere", "weiterer", "weiteres", "other", "privat", "home")


def group_of(heading: str) -> str:
    """Which columns make one postal address: "Ort geschäftlich" and "Straße geschäftlich", "Address 1 - City"."""
    words = words_of(heading).split()
    named = [word[:7] for word in words if word in _PLACES]
    numbered = re.match(r"(?:adresse|address|anschrift) (\d)", " ".join(words))
    return named[0] if named else numbered[1] if numbered else ""


def label_of(heading: str) -> str:
    """What a number is called, by its heading: "Mobiltelefon" -> "mobil"."""
    words = words_of(heading)
    for pattern, label in (
        (r"mobil|handy|mobile", "mobil"),
        (r"privat|home", "privat"),
        (r"zentrale|main", "Zentrale"),
    ):
        if re.search(pattern, words):
            return label
    return ""
