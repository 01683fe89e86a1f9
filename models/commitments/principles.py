"""The ten principles of the network's manifesto, and the city's statement on each."""

from sqlmodel import Session, col, select

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
    """All ten, in the manifesto's order."""
    return list(session.exec(select(Principle).order_by(col(Principle.number))))
