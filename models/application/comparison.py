"""What the motion of 2020 said and what is true now, row by row, each with its source."""

from sqlmodel import Session, col, select

from models.base import CODE, LINE, NOTE, Recorded, in_language, text


class Comparison(Recorded, table=True):
    """One row of the table "motion 2020 <-> today"."""

    __tablename__ = "comparison"

    code: str = text(CODE, unique=True)
    position: int = 0
    topic_de: str = text(LINE)
    topic_en: str = text(LINE)
    then_de: str = text(NOTE)
    then_en: str = text(NOTE)
    now_de: str = text(NOTE)
    now_en: str = text(NOTE)
    as_of: str = text(CODE)
    source: str = text(NOTE)

    def title(self, language: str) -> str:
        return in_language(language, self.topic_de, self.topic_en)

    def then(self, language: str) -> str:
        return in_language(language, self.then_de, self.then_en)

    def now(self, language: str) -> str:
        return in_language(language, self.now_de, self.now_en)


def comparisons(session: Session) -> list[Comparison]:
    """The table in its order."""
    return list(session.exec(select(Comparison).order_by(col(Comparison.position), col(Comparison.id))))
