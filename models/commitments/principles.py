"""The ten principles of the network's manifesto and those of the city's own, with the city's statement on each."""

import uuid

from sqlmodel import Session, col, func, select

from models.base import CODE, N_, NAME, NOTE, Labelled, Recorded, enum_column, in_language, text


class PrincipleState(Labelled):
    OPEN = "open", N_("open")
    DRAFT = "draft", N_("draft")
    AGREED = "agreed", N_("agreed")


class Principle(Recorded, table=True):
    """One principle: its gist in our words, the city's statement, what is missing."""

    __tablename__ = "principle"

    code: str = text(CODE, unique=True)
    number: int
    is_own: bool = False
    title_de: str = text(NAME)
    title_en: str = text(NAME)
    gist_de: str = text(NOTE)
    gist_en: str = text(NOTE)
    source: str = text(NOTE)
    state: PrincipleState = enum_column(PrincipleState, PrincipleState.OPEN)
    statement: str = text(NOTE)
    gap: str = text(NOTE)

    def title(self, language: str) -> str:
        return in_language(language, self.title_de, self.title_en)

    def gist(self, language: str) -> str:
        return in_language(language, self.gist_de, self.gist_en)


def principles(session: Session) -> list[Principle]:
    """All of them: the ten in the manifesto's order, then the city's own."""
    return list(session.exec(select(Principle).order_by(col(Principle.number), col(Principle.id))))


def add_own(session: Session, principle: Principle) -> Principle:
    """Store a principle of the city's own, numbered on from the last one."""
    last = session.exec(select(func.coalesce(func.max(Principle.number), 0))).one()
    principle.is_own, principle.number = True, last + 1
    principle.code = f"own-{uuid.uuid4().hex[:8]}"
    session.add(principle)
    session.flush()
    return principle
