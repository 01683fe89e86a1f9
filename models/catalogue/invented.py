"""The invented rows of the demonstration: each says of itself that it is invented, by its name or its note."""

from datetime import date, datetime, timedelta

from models import sign_in
from models.application.declarations import Declaration
from models.commitments.checklist import Commitment
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Mode,
    Participation,
    Series,
)
from models.contacts.organisations import Organisation, OrganisationKind
from models.contacts.people import Person
from models.evidence.evidence import EvidenceKind, EvidenceRevision
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer, Role

PASSWORD = "fabcity-demo"  # noqa: S105  (anybody may know it: docs/operating.md)
NOTE_DE, NOTE_EN = "Erfunden; gehört zur Vorführung.", "Invented; part of the demonstration."
SOURCE = "Vorführung (erfunden)"
PAGES = "https://example.org/lotse-vorfuehrung/"

LAB_ONE, LAB_TWO = "Werkstatt Beispielhof", "Makerspace Musterwinkel"
UNIVERSITY, CITY_HALL = "Hochschule Beispielstadt", "Stadtverwaltung Musterhafen"


def marked(name: str) -> str:
    """A name that says it is invented."""
    return f"{name} (erfunden)"


def colleagues() -> list[Officer]:
    """Four officers who can sign in; the first leads the case, the last works in English."""
    who = (
        ("Mira", "Muster", "de", Role.ADMIN),
        ("Emil", "Beispiel", "de", Role.OFFICER),
        ("Paula", "Probe", "de", Role.OFFICER),
        ("Sam", "Sample", "en", Role.OFFICER),
    )
    return [
        Officer(
            name=f"{given} {family}", email=f"{given.lower()}@lotse.example", language=language, role=role,
            password_hash=sign_in.hasher.hash(PASSWORD),
        )
        for given, family, language, role in who
    ]  # fmt: skip


def organisations() -> list[Organisation]:
    """Two labs, a university, a city hall."""
    what = (
        (LAB_ONE, OrganisationKind.LAB, "Offene Werkstatt", "Open workshop"),
        (LAB_TWO, OrganisationKind.LAB, "Makerspace", "Makerspace"),
        (UNIVERSITY, OrganisationKind.UNIVERSITY, "Mögliche Partnerin im Bündnis", "Possible partner"),
        (
            CITY_HALL,
            OrganisationKind.CITY_OFFICE,
            "Eine Mitgliedsstadt im Spiel",
            "A member city in this play",
        ),
    )
    return [
        Organisation(
            name=marked(name), kind=kind, city="Beispielstadt", country_code="DE", website="https://example.org/",
            email="kontakt@example.org", role_de=german, role_en=english, source=SOURCE,
        )
        for name, kind, german, english in what
    ]  # fmt: skip


def people(organisation_ids: dict[str, int], day: date) -> list[Person]:
    """One person in each organisation."""
    who = (
        ("Vera", "Vorlage", CITY_HALL, "Koordination Fab City", "de"),
        ("Tom", "Testfall", LAB_ONE, "Werkstattleitung", "de"),
        ("Ada", "Beispielsson", LAB_TWO, "Vorstand", "en"),
        ("Jonas", "Platzhalter", UNIVERSITY, "Transferstelle", "de"),
    )
    return [
        Person(
            given_name=given, family_name=family, organisation_id=organisation_ids[name], function=function,
            email=f"{given.lower()}@example.org", language=language, source=SOURCE, source_on=day,
            note=f"Erfundene Person. {NOTE_DE}",
        )
        for given, family, name, function, language in who
    ]  # fmt: skip


def declaration(application_id: int, organisation_id: int, day: date, signed_by: str) -> Declaration:
    """A lab's wish to join."""
    return Declaration(
        application_id=application_id, organisation_id=organisation_id, declared_on=day, signed_by=marked(signed_by),
        note=NOTE_DE,
    )  # fmt: skip


def revision(
    item: Commitment, at: datetime, by: Officer, day: date, valid_until: date | None
) -> EvidenceRevision:
    """A proof's content: a link to a domain that nobody can own (RFC 2606)."""
    return EvidenceRevision(
        evidence_id=0, kind=EvidenceKind.LINK, url=f"{PAGES}{item.code}", dated_on=day, valid_until=valid_until,
        added_at=at, added_by_id=by.key,
    )  # fmt: skip


def meeting(first: date, as_of: date, responsible: Officer) -> Conference:
    """A conference of three days."""
    return Conference(
        series=Series.RELATED, name=marked("Beispieltreffen"), year=first.year, city="Musterhafen",
        country_code="DE", starts_on=first, ends_on=first + timedelta(days=2), date_precision=DatePrecision.DAY,
        mode=Mode.HYBRID, status=ConferenceStatus.ANNOUNCED, website="https://example.org/beispieltreffen",
        responsible_id=responsible.key, source=SOURCE, as_of=as_of.isoformat(), note_de=NOTE_DE, note_en=NOTE_EN,
    )  # fmt: skip


def deadline(
    conference: Conference, name: str, due_on: date, who: Officer, deputy: Officer
) -> ConferenceDeadline:
    """A last day before that conference."""
    return ConferenceDeadline(
        conference_id=conference.key, name=marked(name), due_on=due_on, responsible_id=who.key,
        deputy_id=deputy.key, note=NOTE_DE,
    )  # fmt: skip


def participation(conference: Conference, who: Officer, role: str) -> Participation:
    """Who of us goes there."""
    return Participation(conference_id=conference.key, officer_id=who.key, role=marked(role))


def waiting(item: Commitment, what: str, since: date, due_on: date, who: Officer) -> FollowUp:
    """An answer we wait for."""
    return FollowUp(
        kind=FollowUpKind.WAITING, subject_kind="commitment", subject_id=item.key, what=marked(what),
        waiting_for=marked("Geschäftsstelle im Spiel"), since_on=since, due_on=due_on, note=NOTE_DE,
        responsible_id=who.key,
    )  # fmt: skip


def task(item: Commitment, what: str, due_on: date, who: Officer) -> FollowUp:
    """Something to do."""
    return FollowUp(
        kind=FollowUpKind.TASK, subject_kind="commitment", subject_id=item.key, what=marked(what), due_on=due_on,
        note=NOTE_DE, responsible_id=who.key,
    )  # fmt: skip
