"""What mails say: built-in wording, and the city's own where an officer wrote it."""

from models.base import CODE, LINE, NAME, NOTE, Recorded, text


class MailText(Recorded, table=True):
    """The city's own wording. With a `code` it replaces a built-in one; without, rules choose it by its name."""

    __tablename__ = "mail_text"

    code: str = text(CODE, index=True)
    name: str = text(NAME)
    subject_de: str = text(LINE)
    subject_en: str = text(LINE)
    body_de: str = text(NOTE)
    body_en: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.name or self.code
