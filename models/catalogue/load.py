"""Loads the starter data once: a second load doubles nothing, and officers' edits and deletions stay."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, select

from models.application.phases import Application
from models.base import CODE, Recorded, Row, text
from models.catalogue import role_rows, rows
from models.catalogue.reading import FOLDER, Line, Reader
from models.catalogue.starter_edition import load_edition, read_edition
from models.city import City
from models.conferences.announcing import look_up
from models.conferences.conferences import Conference, ConferenceStatus, Series
from models.council.papers import Consultation, ConsultationMeeting, Paper, Resolution
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

    def add(self, found: Iterable[tuple[str, str, Recorded]]) -> None:
        """Add those of (file, key, row) that are new."""
        for file, code, row in found:
            if self.is_new(file, code):
                self.session.add(row)
        self.session.flush()


def load(session: Session, now: datetime, today: date, folder: Path = FOLDER) -> None:
    """Load what is new in the folder. Raises CatalogueError, with nothing loaded, if any row has a fault."""
    reader = Reader(folder)
    plain = [
        *rows.places(reader),
        *rows.organisations(reader),
        *rows.principles(reader),
        *rows.comparisons(reader),
    ]
    edition, roles = read_edition(reader), role_rows.roles(reader)
    conferences = list(rows.conferences(reader))
    papers = list(rows.papers(reader))
    stations = [*reader.lines("consultations.csv")]
    ways = [(line, rows.meeting(line)) for line in reader.lines("consultation_meetings.csv")]
    adopted = [(line, rows.resolution(line)) for line in reader.lines("resolutions.csv")]
    orders = [(line, line.number_of("position") or 0, line.flag("authoritative")) for line in stations]
    _check_references(papers, [*stations, *(line for line, _ in [*ways, *adopted])])
    reader.finish()

    loader = Loader(session, now)
    if loader.is_new("city", "city"):
        session.add(_leipzig(now))
        session.add(Application(network="Fab City Network", handbook_url=HANDBOOK_URL))
        session.flush()
    loader.add(plain)
    application = session.exec(select(Application)).first()
    if application is not None:
        loader.add(role_rows.of_application(roles, application.key))
        if edition is not None:
            load_edition(session, application, edition, loader.is_new)
    _load_conferences(loader, conferences, today)
    _load_papers(loader, papers, orders, ways, adopted)
    loader.add(("rules", rule.code or "", rule) for rule in default_rules(now))


def _check_references(papers: list[Paper], of_papers: list[Line]) -> None:
    """Note a fault for every line that names what is not there."""
    references = {paper.reference for paper in papers}
    for line in of_papers:
        if line.text("paper") not in references:
            line.fault(f"paper: there is no {line.text('paper')!r}")


def _leipzig(now: datetime) -> City:
    return City(
        name="Leipzig",
        unit="Referat Digitale Stadt",
        unit_email="digital@leipzig.de",
        installation=uuid.uuid4().hex[:12],
        created_at=now,
    )


def _load_conferences(loader: Loader, editions: list[tuple[Conference, str]], today: date) -> None:
    session = loader.session
    new = [row for row in editions if loader.is_new("conferences", row[0].slug or "")]
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
