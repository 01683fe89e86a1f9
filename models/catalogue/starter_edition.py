"""The first edition of the list of commitments: read from its YAML file, each of its phases and items loaded once."""

from collections.abc import Callable

from sqlmodel import Session, select

from models.application.phases import Application
from models.catalogue.phases import add_phases, phase_ids
from models.catalogue.reading import Reader
from models.commitments.checklist import Commitment
from models.commitments.edition_file import read
from models.commitments.edition_items import put_words
from models.commitments.edition_text import EditionError, EditionText
from models.commitments.editions import EditionState, HandbookEdition

FIRST_EDITION = "fab-city-2026"
IsNew = Callable[[str, str], bool]


def read_edition(reader: Reader) -> EditionText | None:
    """The edition in the reader's folder; its faults are noted there, and then there is none."""
    name = f"{FIRST_EDITION}.yaml"
    try:
        return read((reader.folder / "editions" / name).read_bytes()).edition
    except EditionError as error:
        reader.faults += [f"{name}: {fault.words(str)}" for fault in error.faults]
        return None


def load_edition(session: Session, application: Application, text: EditionText, is_new: IsNew) -> None:
    """Add what was never loaded before; `is_new` claims a starter row. Nothing goes into an edition that another one
    has taken the place of."""
    edition = _edition(session, application, text, is_new)
    if edition.state is not EditionState.CURRENT:
        return
    new = [phase for phase in text.phases if is_new("phases", phase.code)]
    add_phases(session, application.key, new)
    ids = phase_ids(session)
    for position, words in enumerate(text.items):
        if is_new("commitments", words.code):
            item = Commitment(edition_id=edition.key, code=words.code, position=position)
            put_words(item, words, ids)
            session.add(item)
    session.flush()


def _edition(session: Session, application: Application, text: EditionText, is_new: IsNew) -> HandbookEdition:
    """The edition's row. Where migration 0003 made it of what was there, it gets what the file says of its source."""
    known = session.exec(select(HandbookEdition).where(HandbookEdition.code == text.code)).first()
    first_time = is_new("editions", text.code)
    if known is None:
        known = HandbookEdition(
            application_id=application.key,
            code=text.code,
            name=text.name,
            as_of=text.as_of,
            source_url=text.source_url,
            state=EditionState.CURRENT,
        )
        session.add(known)
    if first_time:
        known.source, known.note, known.content_hash = text.source, text.note, text.content_hash()
    session.flush()
    return known
