"""The items of an edition as rows and as words: what a file or a form says becomes items, and the other way round."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, func, select

from models.base import CODE
from models.commitments.checklist import Commitment, commitments
from models.commitments.edition_text import EditionText, ItemText, PhaseText, content_hash
from models.commitments.editions import EditionState, HandbookEdition
from models.folding import fold

_FACTS = ("name", "as_of", "source", "source_url", "note")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


def words_of(item: Commitment, phase_codes: Mapping[int, str]) -> ItemText:
    """An item's words without the city's answer; `phase_codes`: id of a phase -> its code."""
    return ItemText(
        code=item.code,
        label_de=item.label_de,
        label_en=item.label_en,
        who=item.who,
        wanted_de=item.wanted_de,
        wanted_en=item.wanted_en,
        origin=item.origin,
        certainty=item.certainty,
        source_de=item.source_de,
        source_en=item.source_en,
        timing=item.timing,
        phase=phase_codes.get(item.phase_id or 0, ""),
    )


def put_words(item: Commitment, words: ItemText, phase_ids: Mapping[str, int]) -> None:
    """Give an item these words; `phase_ids`: code of a phase -> its id."""
    for name in ItemText.__dataclass_fields__:
        if name != "phase":
            setattr(item, name, getattr(words, name))
    item.phase_id = phase_ids.get(words.phase)


def edition_words(
    session: Session, edition: HandbookEdition, phase_codes: Mapping[int, str]
) -> list[ItemText]:
    """What the edition itself holds: all its items but those that the city added."""
    items = commitments(session, edition=edition)
    return [words_of(item, phase_codes) for item in items if not item.is_own]


def edition_text(
    session: Session,
    edition: HandbookEdition,
    network: str,
    phases: Sequence[PhaseText],
    phase_codes: Mapping[int, str],
) -> EditionText:
    """The edition as a file holds it, with the phases of the case."""
    return EditionText(
        code=edition.code,
        network=network,
        phases=tuple(phases),
        items=tuple(edition_words(session, edition, phase_codes)),
        **{name: getattr(edition, name) for name in _FACTS},
    )


def make_draft(
    session: Session, application_id: int, text: EditionText, phase_ids: Mapping[str, int]
) -> HandbookEdition:
    """Store an edition as a draft. A code that is taken gets a number behind it."""
    facts = {name: getattr(text, name) for name in _FACTS}
    draft = HandbookEdition(
        application_id=application_id,
        code=free_code(session, application_id, text.code),
        content_hash=text.content_hash(),
        state=EditionState.DRAFT,
        **facts,
    )
    session.add(draft)
    session.flush()
    for position, words in enumerate(text.items):
        item = Commitment(edition_id=draft.key, code=words.code, position=position)
        put_words(item, words, phase_ids)
        session.add(item)
    session.flush()
    return draft


def free_code(session: Session, application_id: int, wanted: str) -> str:
    """The wanted code of an edition, or the next one that nobody has: liste, liste-2, liste-3."""
    query = select(HandbookEdition.code).where(HandbookEdition.application_id == application_id)
    return _free(wanted[: CODE - 5], set(session.exec(query)))


def _free(wanted: str, taken: set[str]) -> str:
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(code for code in numbered if code not in taken)


def code_from(words: str, taken: Iterable[str] = (), otherwise: str = "liste") -> str:
    """A key made of words: "Bündnis: Form gewählt" -> buendnis-form-gewaehlt; none of `taken`."""
    folded = fold(words.translate(_UMLAUTS))
    base = re.sub(r"[^a-z0-9]+", "-", folded, flags=re.ASCII).strip("-")[: CODE - 8].strip("-") or otherwise
    return _free(base, set(taken))


def add_item(session: Session, draft: HandbookEdition, item: Commitment) -> None:
    """Put an item at the end of a draft; without a code it gets one made of its title."""
    taken = session.exec(select(Commitment.code).where(Commitment.edition_id == draft.key)).all()
    places = select(func.coalesce(func.max(Commitment.position), -1)).where(
        Commitment.edition_id == draft.key
    )
    item.edition_id, item.position = draft.key, session.exec(places).one() + 1
    item.code = item.code or code_from(item.label_en or item.label_de, taken, "zusage")
    session.add(item)
    session.flush()


def move_item(session: Session, item: Commitment, *, up: bool) -> None:
    """Swap an item with the one before or after it. At the end of the list nothing happens."""
    siblings = list(
        session.exec(
            select(Commitment)
            .where(Commitment.edition_id == item.edition_id)
            .order_by(col(Commitment.position), col(Commitment.id))
        )
    )
    place = next(n for n, other in enumerate(siblings) if other.id == item.id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(siblings):
        siblings[place], siblings[other] = siblings[other], siblings[place]
    for position, sibling in enumerate(siblings):
        if sibling.position != position:
            sibling.position = position
    session.flush()


def renew_hash(session: Session, draft: HandbookEdition, phase_codes: Mapping[int, str]) -> None:
    """The hash of a draft follows its items."""
    draft.content_hash = content_hash(edition_words(session, draft, phase_codes))
