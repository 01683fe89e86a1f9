"""From checked CSV lines to rows: one function for each file of the starter data."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from models.application.comparison import Comparison
from models.base import Recorded
from models.catalogue.reading import Line, Reader
from models.commitments.principles import Principle
from models.conferences.conferences import Conference, ConferenceStatus, Mode, Series
from models.contacts.organisations import Organisation, OrganisationKind
from models.council.papers import ConsultationMeeting, MeetingResult, Paper, Resolution
from models.places import Activity, Certainty, Membership, Place, PlaceType


def places(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    """Cities, regions, countries, islands."""
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


def organisations(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    """The network's and the city's organisations."""
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


def principles(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    """The ten principles."""
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


def comparisons(reader: Reader) -> Iterable[tuple[str, str, Recorded]]:
    """The table "2020 and today"."""
    columns = ("topic_de", "topic_en", "then_de", "then_en", "now_de", "now_en", "as_of", "source")
    for position, line in enumerate(reader.lines("then_and_now.csv", "key")):
        words: dict[str, Any] = {column: line.text(column) for column in columns}
        row = Comparison(code=line.text("key"), position=position, **words)
        yield "then_and_now", row.code, row


def conferences(reader: Reader) -> Iterable[tuple[Conference, str]]:
    """Editions, each with the slug of the one it lies within."""
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


def papers(reader: Reader) -> Iterable[Paper]:
    """Council papers."""
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


def meeting(line: Line) -> ConsultationMeeting:
    """One date of a station, which is set when the station is stored."""
    return ConsultationMeeting(
        consultation_id=0,  # set when its station is stored
        held_on=line.day("date") or date.min,
        name=line.text("name"),
        result=line.member("result", MeetingResult, MeetingResult.NONE),
        cancelled=line.flag("cancelled"),
        public=line.flag("public"),
    )


def resolution(line: Line) -> Resolution:
    """What was adopted; its paper is set when that is stored."""
    return Resolution(
        paper_id=0,  # set when its paper is stored
        adopted_on=line.day("adopted_on") or date.min,
        adopted_as=line.text("adopted_as"),
        summary_de=line.text("summary_de"),
        summary_en=line.text("summary_en"),
        source=line.text("source"),
    )
