"""Pages of the exchange with people: the newest of all, a timeline, one interaction with its files."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, current_app, stream_with_context, url_for
from sqlmodel import Session

from models.contact_log.entries import Entry, Page, Source
from models.contact_log.timeline import every_entry, newest, newest_with_words, timeline
from models.contact_log.whom import Whom
from models.contacts.interactions import Interaction, InteractionFile, files_of
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.documents.spreadsheet import csv_parts
from models.evidence.disk import state_on_disk
from models.evidence.evidence import FileState
from models.evidence.uploads import FILE_KINDS
from models.places import Place
from webapp.clock import now
from webapp.database import city, database, db, today
from webapp.evidence.uploading import as_download, store_of_files
from webapp.filters import day, label, officer_name
from webapp.interactions.log import about_address, install, mark, subject_of
from webapp.pages import address_of, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("interactions", __name__, template_folder="templates")
install(room)


@room.get("/austausch")
def index() -> Any:
    """The newest with everybody; with words, the newest in which they stand."""
    found = newest_with_words(db(), query(), today()) if query() else newest(db(), mark())
    return page("interactions/index.html", log=found, query=query(), is_first=not mark())


@room.get("/austausch/mit/<kind>/<int:key>")
def show_log(kind: str, key: int) -> Any:
    """The whole timeline of a person, an organisation or a place, page by page."""
    row = subject_of(kind, key)
    log = timeline(db(), Whom(kind, row.key), mark(), city().time_zone)
    address = address_of(kind, row.key)
    return page("interactions/log.html", row=row, kind=kind, log=log, address=address, is_first=not mark())


@room.get("/austausch/mit/<kind>/<int:key>.csv")
def csv(kind: str, key: int) -> Any:
    """The whole timeline as a table, written while it is read."""
    whom, zone = Whom(kind, subject_of(kind, key).key), city().time_zone
    header = (_("Day"), _("Kind"), _("Subject"), _("Text"), _("With whom"), _("Organisation"), _("Sender"),
              _("Colleague"), _("Files"))  # fmt: skip

    def content() -> Iterator[bytes]:
        with database().read(now()) as session:
            yield from csv_parts(header, _rows(session))

    def _rows(session: Session) -> Iterator[tuple[object, ...]]:
        for entry, known in every_entry(session, whom, zone):
            yield _row(entry, known)

    disposition = {"Content-Disposition": f"attachment; filename=austausch-{whom.key}.csv"}
    return current_app.response_class(
        stream_with_context(content()), mimetype="text/csv", headers=disposition
    )


def _row(entry: Entry, known: Page) -> tuple[object, ...]:
    person = known.people.get(entry.person_id or 0)
    with_whom = person.title(language()) if person else ""
    office = known.organisations.get(entry.organisation_id or 0, "")
    row = entry.row
    if entry.source is Source.INTERACTION:
        number = known.files.get(row.key, 0) or ""
        return (day(entry.day), label(row.kind), row.subject, row.body, with_whom, office, row.sender,
                officer_name(row.officer_id), number)  # fmt: skip
    kind, subject = source_word(entry), ""
    if entry.source is Source.MAIL:
        subject, with_whom = row.subject, row.to_name
    elif entry.source is Source.FOLLOW_UP:
        subject = row.title(language())
    return day(entry.day), kind, subject, "", with_whom, office, "", "", ""


@room.app_template_filter("source_word")
def source_word(entry: Entry) -> str:
    """What an entry of a timeline is."""
    words = {
        Source.MAIL: _("Mail of this program"),
        Source.NOTICE: _("Information letter sent"),
        Source.FOLLOW_UP: _("Follow-up done"),
    }
    return words.get(entry.source) or label(entry.row.kind)


@room.get("/austausch/<int:key>")
def show(key: int) -> Any:
    """One interaction with its files."""
    found = load(Interaction, key)
    return page(
        "interactions/show.html",
        interaction=found,
        files=files_of(db(), key),
        person=db().get(Person, found.person_id) if found.person_id else None,
        organisation=db().get(Organisation, found.organisation_id) if found.organisation_id else None,
        place=db().get(Place, found.place_id) if found.place_id else None,
        back=about_address(found),
    )


@room.get("/austausch/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of an interaction."""
    return history_page(load(Interaction, key), url_for(".show", key=key))


@room.get("/austausch/dateien/<int:key>")
def download(key: int) -> Any:
    """A file that came with a mail, always as a download; looked at before."""
    file = load(InteractionFile, key)
    if state_on_disk(store_of_files(), file.sha256) is not FileState.INTACT:
        return page("interactions/file_missing.html", file=file)[0], 404
    return as_download(file, FILE_KINDS.get(file.media_type, "application/octet-stream"))


from webapp.interactions import change_views, letter_views  # noqa: E402, F401  (they add their pages to the room)
