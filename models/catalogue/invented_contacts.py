"""The invented contacts of the demonstration, in cities of the network. Numbers are of the ranges that the
Bundesnetzagentur and its French sister keep free for films."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.catalogue.invented import NOTE_DE, SOURCE, marked
from models.contacts.organisations import Organisation, OrganisationKind
from models.contacts.people import DataOrigin, Person
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole

HAMBURG, ELBHANG = "Amt für Stadtwerkstätten", "Offenes Labor Elbhang"
AUGSBURG, BARCELONA, PARIS = (
    "Referat Stadt selbst machen",
    "Oficina de la Ciutat Productiva",
    "Atelier des Lilas",
)

_OFFICES = (
    (HAMBURG, OrganisationKind.CITY_OFFICE, "Hamburg", "DE", "amt@hamburg.example"),
    (ELBHANG, OrganisationKind.LAB, "Hamburg", "DE", "hallo@elbhang.example"),
    (AUGSBURG, OrganisationKind.CITY_OFFICE, "Augsburg", "DE", "referat@augsburg.example"),
    (BARCELONA, OrganisationKind.CITY_OFFICE, "Barcelona", "ES", "oficina@barcelona.example"),
    (PARIS, OrganisationKind.LAB, "Paris", "FR", "bonjour@lilas.example"),
)


@dataclass(frozen=True)
class Played:
    """One person of the play: columns of the row, and what hangs on it. Days are counted back from today."""

    given_name: str
    family_name: str
    at: str
    function: str
    email: str
    tags: str = ""
    is_first: bool = False
    points: tuple[tuple[PointKind, str, str], ...] = ()
    roles: tuple[tuple[str, str, int, int], ...] = ()  # function, organisation, since, until (days ago)
    talks: tuple[str, ...] = ()
    days: dict[str, int] = field(default_factory=dict)  # column -> days ago
    more: dict[str, Any] = field(default_factory=dict)


CAST = (
    Played(
        "Wiebke", "Harmsen", HAMBURG, "Koordination Fab City", "wiebke.harmsen@hamburg.example",
        "Stadtverwaltung, Kreislaufwirtschaft", is_first=True,
        points=(
            (PointKind.PHONE, "0171 39200 12", "mobil"),
            (PointKind.POSTAL, "Musterkai 3\n20099 Hamburg", "Büro"),
        ),
        roles=(("Werkstattleitung", ELBHANG, 2900, 1200),),
        talks=(
            "Hat uns die Vereinbarung des Hamburger Bündnisses zugesagt.",
            "Wie kam das Bündnis zustande? Drei Treffen, dann eine Absichtserklärung.",
        ),
        days={"role_from": 1199}, more={"phone": "040 66969-112", "language": "de"},
    ),
    Played(
        "Jens", "Petersen-Roth", HAMBURG, "Leitung des Amtes", "jens.petersen-roth@hamburg.example",
        "Stadtverwaltung", days={"role_from": 3000, "role_to": 820}, more={"language": "de"},
    ),
    Played(
        "Nele", "Brandis", ELBHANG, "Öffentlichkeitsarbeit", "nele.brandis@elbhang.example", "Werkstatt, Presse",
        points=((PointKind.EMAIL, "presse@elbhang.example", "Presse"),),
        talks=("Führt im Frühjahr durch die Werkstatt; wir dürfen zu viert kommen.",),
        more={"phone": "040 66969-245", "language": "de"},
    ),
    Played(
        "Lukas", "Schröder", ELBHANG, "Technik", "lukas.schroeder@elbhang.example", "Werkstatt",
        more={"phone": "040 66969-246", "language": "de"},
    ),
    Played(
        "L.", "Schroeder", ELBHANG, "", "schroeder@elbhang.example", more={"phone": "(040) 66 96 92 46"},
    ),
    Played(
        "Konrad", "Weidinger", AUGSBURG, "Referent für Fab City", "konrad.weidinger@augsburg.example",
        "Stadtverwaltung", is_first=True, points=((PointKind.PHONE, "0176 040690 31", "mobil"),),
        talks=("Augsburg hat zuerst den Stadtrat gefragt, dann das Netzwerk.",),
        more={"honorific": "Dr.", "language": "de", "phone": "0171 39200 31"},
    ),
    Played(
        "Annette", "Sailer", AUGSBURG, "Pressestelle", "annette.sailer@augsburg.example", "Presse",
        days={"confirmed_on": 610, "source_on": 900}, more={"language": "de"},
    ),
    Played(
        "Júlia", "Ferrer i Camps", BARCELONA, "Coordinadora", "julia.ferrer@barcelona.example", "Stadtverwaltung",
        is_first=True, days={"source_on": 20, "added_on": 20},
        more={"language": "ca", "other_languages": "es en", "origin": DataOrigin.PUBLIC},
    ),
    Played(
        "Oriol", "Vallès Prat", BARCELONA, "Comunicació", "oriol.valles@barcelona.example", "Presse",
        more={"language": "es", "do_not_contact": True},
    ),
    Played(
        "Marta", "Vilella", BARCELONA, "Projectes", "marta.vilella@barcelona.example", "Kreislaufwirtschaft",
        roles=(("Becària", BARCELONA, 1500, 1100),), days={"notice_sent_on": 30},
        more={"language": "es", "other_languages": "ca", "origin": DataOrigin.THIRD_PARTY},
    ),
    Played(
        "Amélie", "Rousselot", PARIS, "Fondatrice", "amelie@lilas.example", "Werkstatt, Textil", is_first=True,
        talks=("Kennt das Netzwerk seit dem Gipfel in Paris; spricht auch auf Englisch.",),
        more={"phone": "+33 1 99 00 12 34", "language": "fr", "other_languages": "en"},
    ),
    Played(
        "Bastien", "Lenormand", PARIS, "Atelier bois", "bastien@lilas.example", "Werkstatt",
        days={"source_on": 480}, more={"language": "fr"},
    ),
)  # fmt: skip


def offices(place_ids: dict[str, int]) -> list[Organisation]:
    """The organisations of the cast, in their cities; the first has a mailbox for each matter."""
    return [
        Organisation(
            name=marked(name), kind=kind, city=city, country_code=country, place_id=place_ids.get(city), email=email,
            role_de="Eine Stelle im Spiel", role_en="An office in this play", source=SOURCE,
        )
        for name, kind, city, country, email in _OFFICES
    ]  # fmt: skip


def mailboxes(organisation_id: int) -> list[ContactPoint]:
    """Addresses that belong to a function."""
    return [
        ContactPoint(
            organisation_id=organisation_id, kind=PointKind.EMAIL, label="Einladungen und Termine",
            value="termine@hamburg.example",
        ),
        ContactPoint(
            organisation_id=organisation_id, kind=PointKind.PHONE, label="Vorzimmer", value="040 66969-100",
            position=1,
        ),
    ]  # fmt: skip


def person(played: Played, organisation_id: int, today: date) -> Person:
    """The row of one of the cast."""
    days = {name: today - timedelta(days=ago) for name, ago in ({"source_on": 45} | played.days).items()}
    more = {"origin": DataOrigin.SELF, "purpose": "Austausch über den Beitritt"} | played.more
    return Person(
        given_name=played.given_name, family_name=played.family_name, function=played.function, email=played.email,
        organisation_id=organisation_id, source=SOURCE, note=f"Erfundene Person. {NOTE_DE}",
        **{"added_on": days["source_on"], **days, **more},
    )  # fmt: skip


def points(played: Played, person_id: int) -> list[ContactPoint]:
    """Her further addresses and numbers."""
    return [
        ContactPoint(person_id=person_id, kind=kind, value=value, label=label, position=position)
        for position, (kind, value, label) in enumerate(played.points)
    ]


def roles(played: Played, person_id: int, ids: dict[str, int], today: date) -> list[PersonRole]:
    """Her former functions."""
    return [
        PersonRole(
            person_id=person_id, function=function, organisation_id=ids[at],
            role_from=today - timedelta(days=since), role_to=today - timedelta(days=until), note="Erfunden",
        )
        for function, at, since, until in played.roles
    ]  # fmt: skip
