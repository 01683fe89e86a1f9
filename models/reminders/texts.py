"""What mails say: built-in wording, and the city's own where an officer wrote it."""

from sqlmodel import Session, col, select

from models.base import CODE, LINE, NAME, NOTE, Recorded, text
from models.language import translator
from models.reminders.builtin_texts import TextCode, Wording, built_in
from models.reminders.tokens import TOKENS, Fault, Token, faults, filled, paragraphs, tokens_for

__all__ = [
    "TOKENS", "Fault", "MailText", "TextCode", "Token", "Wording", "built_in", "faults", "filled", "paragraphs",
    "tokens_for", "wording",
]  # fmt: skip

# A rule's own text replaces what its ordinary mails say. News about a date (moved, late …) keep the common words.
OWN_FOR = (TextCode.REMINDER, TextCode.TASK)


class MailText(Recorded, table=True):
    """The city's own wording. With a `code` it replaces a built-in one; without, rules choose it by its name.
    A field left empty says what is said without this row, in the same language."""

    __tablename__ = "mail_text"

    code: str = text(CODE, index=True)
    name: str = text(NAME)
    subject_de: str = text(LINE)
    subject_en: str = text(LINE)
    body_de: str = text(NOTE)
    body_en: str = text(NOTE)

    def title(self, language: str) -> str:
        if self.code in set(TextCode):
            return translator(language)(TextCode(self.code).label)
        return self.name or self.code

    @property
    def checked_as(self) -> TextCode:
        """The kind of mail whose tokens exist in this text."""
        return TextCode(self.code) if self.code in set(TextCode) else TextCode.REMINDER

    def wording(self, language: str) -> Wording:
        """What is written in this language; "" where nothing is."""
        return (
            Wording(self.subject_en, self.body_en)
            if language == "en"
            else Wording(self.subject_de, self.body_de)
        )


def city_text(session: Session, code: TextCode | str) -> MailText | None:
    """The city's own wording of a built-in text."""
    query = select(MailText).where(MailText.code == str(code)).order_by(col(MailText.id))
    return session.exec(query.limit(1)).first()


def wording(session: Session, code: TextCode | str, text_id: int | None, language: str) -> Wording:
    """What a mail says: the rule's own text, else the city's, else the built-in, each field for itself and never in
    the other language. What became faulty, since a token is gone, is passed over: it stops no mail."""
    code = TextCode(code)
    rows = [session.get(MailText, text_id) if text_id and code in OWN_FOR else None, city_text(session, code)]
    own = [row.wording(language) for row in rows if row is not None]
    known = built_in(code, language)
    subjects = [w.subject for w in own if w.subject and not faults(w.subject, code, is_subject=True)]
    bodies = [w.body for w in own if w.body and not faults(w.body, code)]
    return Wording([*subjects, known.subject][0], [*bodies, known.body][0])
