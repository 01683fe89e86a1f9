"""Comments between colleagues on an item or a phase."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, NOTE, Recorded, text


class Comment(Recorded, table=True):
    """What a colleague says about a row (`subject_kind` is its table)."""

    __tablename__ = "comment"

    subject_kind: str = text(CODE)
    subject_id: int = Field(index=True)
    body: str = text(NOTE, personal=True)
    written_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")

    def title(self, language: str) -> str:
        return self.body.split("\n")[0][:LINE]


def comments_on(session: Session, subject_kind: str, subject_id: int) -> list[Comment]:
    """What was said about this row, the oldest first."""
    found = select(Comment).where(Comment.subject_kind == subject_kind, Comment.subject_id == subject_id)
    return list(session.exec(found.order_by(col(Comment.written_at), col(Comment.id))))
