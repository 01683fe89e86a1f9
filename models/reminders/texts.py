"""What mails say: built-in wording, and the city's own where an officer wrote it."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from models.base import CODE, LINE, NAME, NOTE, Recorded, text
from models.city import City
from models.database import check_version
from models.folding import fold
from models.language import translator
from models.reminders.builtin_texts import TextCode, Wording, built_in
from models.reminders.rules import ReminderRule, rules
from models.reminders.tokens import TOKENS, Fault, Token, faults, filled, paragraphs, tokens_for

__all__ = [
    "OWN_FOR", "TOKENS", "Fault", "MailText", "TextCode", "Token", "Wording", "built_in", "chosen", "city_text",
    "delete_text", "faults", "filled", "own_texts", "paragraphs", "rules_with_text", "tokens_for", "wording",
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


def city_text(session: Session, code: TextCode | str, *, for_change: bool = False) -> MailText | None:
    """The city's own wording of a built-in text. `for_change` waits for whoever writes one at this moment, so that
    there is never a second."""
    if for_change:
        session.exec(select(City.id).with_for_update()).all()
    query = select(MailText).where(MailText.code == str(code)).order_by(col(MailText.id))
    return session.exec(query.limit(1)).first()


def own_texts(session: Session) -> list[MailText]:
    """The texts that rules choose by name."""
    rows = session.exec(select(MailText).where(MailText.code == "")).all()
    return sorted(rows, key=lambda row: (fold(row.name), row.key))


def rules_with_text(session: Session, text_id: int) -> list[ReminderRule]:
    """The rules that use an own text and were not removed."""
    return [rule for rule in rules(session) if rule.text_id == text_id]


def delete_text(session: Session, row: MailText) -> None:
    """Go back to what is said without this text. Rules that chose it say the usual again."""
    for rule in session.exec(select(ReminderRule).where(ReminderRule.text_id == row.key)).all():
        check_version(session, rule, rule.version)  # who has the rule open in a form is told
        rule.text_id = None
    session.flush()
    session.delete(row)
    session.flush()


def chosen(own: Iterable[Wording], code: TextCode, language: str) -> Wording:
    """The first that is written and has no fault, each field for itself; the built-in if there is none. What became
    faulty, since a token is gone, stops no mail."""
    subject, body = "", ""
    for words in own:
        if not subject and words.subject and not faults(words.subject, code, is_subject=True):
            subject = words.subject
        if not body and words.body and not faults(words.body, code):
            body = words.body
    known = built_in(code, language)
    return Wording(subject or known.subject, body or known.body)


def wording(session: Session, code: TextCode | str, text_id: int | None, language: str) -> Wording:
    """What a mail says: the rule's own text, else the city's, else the built-in, never in the other language."""
    code = TextCode(code)
    rows = [session.get(MailText, text_id) if text_id and code in OWN_FOR else None, city_text(session, code)]
    return chosen([row.wording(language) for row in rows if row is not None], code, language)
