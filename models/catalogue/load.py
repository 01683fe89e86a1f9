"""Loads the starter data once: a second load doubles nothing, and officers' edits and deletions stay."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from models.application.comparison import Comparison
from models.application.phases import Application, Phase, PhaseOrder
from models.base import CODE, Recorded, Row, text
from models.catalogue.reading import FOLDER, Line, Reader
from models.city import City
from models.commitments.checklist import Commitment, CommitmentState, ItemCertainty, Origin, Timing, Who
from models.commitments.principles import Principle
from models.conferences.announcing import look_up
from models.conferences.conferences import Conference, ConferenceStatus, Mode, Series
from models.contacts.organisations import Organisation, OrganisationKind
from models.council.papers import Consultation, ConsultationMeeting, MeetingResult, Paper, Resolution
from models.places import Activity, Certainty, Membership, Place, PlaceType
from models.reminders.rules import default_rules

HANDBOOK_URL = "https://fabcity.gitbook.io/handbook/commitment"  # named in the motion VII-A-00726


class StarterRow(Row, table=True):
    """What was loaded once, so that it does not come back after an officer deleted it."""

    __tablename__ = "starter_row"

    file: str = text(CODE, index=True)
    code: str = text(200)
    loaded_at: datetime


class Loader:
    """Adds the rows that were never loaded before."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.known = {(row.file, row.code) for row in session.exec(select(StarterRow))}

    def is_new(self, file: str, code: str) -> bool:
        """Claim a starter row; False if it was loaded at any time before."""
        if (file, code) in self.known:
            return False
        self.known.add((file, code))
        self.session.add(StarterRow(file=file, code=code, loaded_at=self.now))
        return True

    def add(self, rows: Iterable[tuple[str, str, Recorded]]) -> None:
        for file, code, row in rows:
            if self.is_new(file, code):
                self.session.add(row)
        self.session.flush()


def load(session: Session, now: datetime, today: date, folder: Path = FOLDER) -> None:
    """Load what is new in the folder. Raises CatalogueError, with nothing loaded, if any row has a fault."""
    reader = Reader(folder)
    plain = [*_places(reader), *_organisations(reader), *_principles(reader), *_comparisons(reader)]
    phases = list(reader.lines("phases.csv", "key"))
    items = list(_commitments(reader))
    conferences = list(_conferences(reader))
    papers = list(_papers(reader))
    stations = [*reader.lines("consultations.csv")]
    ways = [(line, _meeting(line)) for line in reader.lines("consultation_meetings.csv")]
    adopted = [(line, _resolution(line)) for line in reader.lines("resolutions.csv")]
    orders = [(line, line.number_of("position") or 0, line.flag("authoritative")) for line in stations]
    reader.finish()

    loader = Loader(session, now)
    if loader.is_new("city", "city"):
        session.add(_leipzig(now))
        session.add(Application(network="Fab City Network", handbook_url=HANDBOOK_URL))
        session.flush()
    loader.add(plain)
    _load_phases(loader, phases)
    _load_commitments(loader, items, phases)
    _load_conferences(loader, conferences, today)
    _load_papers(loader, papers, orders, ways, adopted)
    loader.add(("rules", rule.code or "", rule) for rule in default_rules(now))


def _leipzig(now: datetime) -> City:
    return City(
        name="Leipzig",
        unit="Referat Digitale Stadt",
        unit_email="digital@leipzig.de",
        installation=uuid.uuid4().hex[:12],
        created_at=now,
    )


def _places(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    for line in reader.lines("places.csv", "slug"):
        slug = line.text("slug")
        place = Place(
            slug=slug,
            name=line.required("name"),
            type=line.member("type", PlaceType, PlaceType.CITY),
            country_code=line.country("country_code"),
            membership=line.member("membership", Membership, Membership.MENTIONED),
            activity=line.member("activity", Activity, Activity.UNKNOWN),
            as_of=line.text("as_of"),
            joined_year=line.number_of("joined_year"),
            joined_year_alt=line.number_of("joined_year_alt"),
            joined_event=line.text("joined_event"),
            lat=line.decimal("lat"),
            lon=line.decimal("lon"),
            website=line.text("website"),
            partners=line.text("partners"),
            source=line.text("source"),
            certainty=line.member("confidence", Certainty, Certainty.MEDIUM),
            note_de=line.text("note_de"),
            note_en=line.text("note_en"),
            starter_key=slug,
        )
        yield "places", slug, place


def _organisations(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    for line in reader.lines("organisations.csv", "slug"):
        organisation = Organisation(
            slug=line.text("slug"),
            name=line.required("name"),
            kind=line.member("kind", OrganisationKind, OrganisationKind.OTHER),
            city=line.text("city"),
            country_code=line.country("country_code"),
            website=line.text("website"),
            email=line.text("functional_email"),
            role_de=line.text("role_de"),
            role_en=line.text("role_en"),
            source=line.text("source"),
        )
        yield "organisations", line.text("slug"), organisation


def _principles(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    for line in reader.lines("principles.csv", "key"):
        principle = Principle(
            code=line.text("key"),
            number=line.number_of("no") or 0,
            title_de=line.required("title_de"),
            title_en=line.required("title_en"),
            gist_de=line.text("gist_de"),
            gist_en=line.text("gist_en"),
            source=line.text("source"),
        )
        yield "principles", principle.code, principle


def _comparisons(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    columns = ("topic_de", "topic_en", "then_de", "then_en", "now_de", "now_en", "as_of", "source")
    for position, line in enumerate(reader.lines("then_and_now.csv", "key")):
        words: dict[str, Any] = {column: line.text(column) for column in columns}
        row = Comparison(code=line.text("key"), position=position, **words)
        yield "then_and_now", row.code, row


def _commitments(reader: Reader) -> Iterable[Commitment]:
    for position, line in enumerate(reader.lines("commitments.csv", "key")):
        yield Commitment(
            code=line.text("key"),
            position=position,
            label_de=line.required("label_de"),
            label_en=line.required("label_en"),
            who=line.member("who", Who, Who.CITY),
            wanted_de=line.text("evidence_de"),
            wanted_en=line.text("evidence_en"),
            origin=line.member("origin", Origin, Origin.OWN),
            certainty=line.member("certainty", ItemCertainty, ItemCertainty.LOW),
            source_de=line.text("source_de"),
            source_en=line.text("source_en"),
            timing=line.member("timing", Timing, Timing.BEFORE),
            state=CommitmentState.OPEN,
        )


def _conferences(reader: Reader) -> Iterable[tuple[Conference, str]]:
    for line in reader.lines("conferences.csv", "slug"):
        precision, month, first, last = line.dated()
        conference = Conference(
            slug=line.text("slug"),
            series=line.member("series", Series, Series.RELATED),
            number=line.number_of("number"),
            name=line.required("name"),
            year=line.number_of("year"),
            month=month,
            city=line.text("city"),
            country_code=line.country("country_code"),
            starts_on=first,
            ends_on=last,
            date_precision=precision,
            mode=line.member("mode", Mode, Mode.ONSITE) if line.text("mode") else None,
            postponed_from=line.number_of("postponed_from"),
            status=line.member("status", ConferenceStatus, ConferenceStatus.NOT_ANNOUNCED),
            website=line.text("website"),
            source=line.text("source"),
            as_of=line.text("as_of"),
            note_de=line.text("note_de"),
            note_en=line.text("note_en"),
        )
        yield conference, line.text("parent")


def _papers(reader: Reader) -> Iterable[Paper]:
    for line in reader.lines("papers.csv", "reference"):
        yield Paper(
            reference=line.text("reference"),
            name=line.required("name"),
            paper_type=line.text("paper_type"),
            originator=line.text("originator"),
            under_direction_of=line.text("under_direction_of"),
            dated_on=line.day("date"),
            web=line.text("web"),
            summary_de=line.text("summary_de"),
            summary_en=line.text("summary_en"),
            source=line.text("source"),
        )


def _meeting(line: Line) -> ConsultationMeeting:
    return ConsultationMeeting(
        consultation_id=0,  # set when its station is stored
        held_on=line.day("date") or date.min,
        name=line.text("name"),
        result=line.member("result", MeetingResult, MeetingResult.NONE),
        cancelled=line.flag("cancelled"),
        public=line.flag("public"),
    )


def _resolution(line: Line) -> Resolution:
    return Resolution(
        paper_id=0,  # set when its paper is stored
        adopted_on=line.day("adopted_on") or date.min,
        adopted_as=line.text("adopted_as"),
        summary_de=line.text("summary_de"),
        summary_en=line.text("summary_en"),
        source=line.text("source"),
    )


def _load_phases(loader: Loader, lines: list[Line]) -> None:
    session = loader.session
    application = session.exec(select(Application)).first()
    if application is None:
        return
    new = {line.text("key") for line in lines if loader.is_new("phases", line.text("key"))}
    for position, line in enumerate(lines):
        if line.text("key") in new:
            session.add(
                Phase(
                    application_id=application.key,
                    code=line.text("key"),
                    position=position,
                    label_de=line.required("label_de"),
                    label_en=line.required("label_en"),
                )
            )
    session.flush()
    ids = {phase.code: phase.key for phase in session.exec(select(Phase))}
    for line in lines:
        for before in line.text("after").split():
            if line.text("key") in new and before in ids:
                session.add(PhaseOrder(phase_id=ids[line.text("key")], before_id=ids[before]))
    session.flush()


def _load_commitments(loader: Loader, items: list[Commitment], phase_lines: list[Line]) -> None:
    ids = {phase.code: phase.key for phase in loader.session.exec(select(Phase))}
    phase_of = {
        code: ids.get(line.text("key")) for line in phase_lines for code in line.text("commitments").split()
    }
    for item in items:
        item.phase_id = phase_of.get(item.code or "")
    loader.add(("commitments", item.code or "", item) for item in items)


def _load_conferences(loader: Loader, rows: list[tuple[Conference, str]], today: date) -> None:
    session = loader.session
    new = [row for row in rows if loader.is_new("conferences", row[0].slug or "")]
    session.add_all([conference for conference, _ in new])
    session.flush()
    ids = {conference.slug: conference.key for conference in session.exec(select(Conference))}
    for conference, parent in new:
        conference.parent_id = ids.get(parent)
    expected = [c for c, _ in new if c.series is Series.FABX and c.status is ConferenceStatus.NOT_ANNOUNCED]
    expected = [c for c in expected if (c.year or 0) >= today.year]
    if expected:  # the next edition alone: two letters with the same question help nobody
        session.add(look_up(min(expected, key=lambda c: c.year or 0), today))
    session.flush()


def _load_papers(
    loader: Loader,
    papers: list[Paper],
    stations: list[tuple[Line, int, bool]],
    meetings: list[tuple[Line, ConsultationMeeting]],
    adopted: list[tuple[Line, Resolution]],
) -> None:
    session = loader.session
    for paper in papers:
        if not loader.is_new("papers", paper.reference):
            continue
        session.add(paper)
        session.flush()
        mine = [station for station in stations if station[0].text("paper") == paper.reference]
        for line, position, authoritative in mine:
            station = Consultation(
                paper_id=paper.key,
                position=position,
                organization=line.text("organization"),
                role=line.text("role"),
                authoritative=authoritative,
            )
            session.add(station)
            session.flush()
            for place, meeting in meetings:
                if (place.text("paper"), place.text("consultation_position")) == (
                    paper.reference,
                    str(position),
                ):
                    meeting.consultation_id = station.key
                    session.add(meeting)
        for line, resolution in adopted:
            if line.text("paper") == paper.reference:
                resolution.paper_id = paper.key
                session.add(resolution)
        session.flush()
