"""The form of a merge: for each field in which two contacts differ, which of them is right."""

from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from models.base import NOTE
from models.contacts.duplicates.merge_rules import CHOSEN, differing, joined_notes, proposed, proposed_kept
from models.contacts.duplicates.merging import Choice
from models.contacts.people import Person
from webapp.duplicates.words import field_word
from webapp.forms import BaseForm, LongTextField
from webapp.words import L_

FIRST, SECOND = "a", "b"


def _side(label: Any = "") -> RadioField:
    return RadioField(label, choices=[SelectChoice(FIRST, FIRST), SelectChoice(SECOND, SECOND)])


class MergeForm(BaseForm):
    """Which row stays, from which of the two each differing field is taken, and the note."""

    kept = _side(L_("Entry that stays"))
    honorific = _side()
    given_name = _side()
    family_name = _side()
    role = _side()
    place = _side()
    email = _side()
    phone = _side()
    language = _side()
    legal_basis = _side()
    origin = _side()
    purpose = _side()
    note = LongTextField(L_("Note"), NOTE)
    version_a = HiddenField()
    version_b = HiddenField()

    def __init__(self, one: Person, other: Person, **kwargs: Any) -> None:
        self.two = {FIRST: one, SECOND: other}
        differs = differing(one, other)
        wanted = {field: self._side_of(proposed(one, other, field)) for field in differs}
        kept = self._side_of(proposed_kept(one, other))
        super().__init__(note=joined_notes(one, other), kept=kept, **wanted, **kwargs)
        for field in CHOSEN:
            if field in differs:
                self[field].label.text = field_word(field)
            else:
                del self[field]

    def _side_of(self, person: Person) -> str:
        return FIRST if person.key == self.two[FIRST].key else SECOND

    def in_order(self) -> tuple[Person, Person]:
        """Who stays, and who is merged into it."""
        one, other = self.two[FIRST], self.two[SECOND]
        return (one, other) if self.kept.data == FIRST else (other, one)

    def choice(self) -> Choice:
        """What the officer chose."""
        fields = [field for field in CHOSEN if field in self]
        return Choice({field: self.two[self[field].data].key for field in fields}, self.note.data)

    def seen(self) -> dict[int, int]:
        """The versions that were shown, as they were sent."""
        found = {}
        for side, field in ((FIRST, self.version_a), (SECOND, self.version_b)):
            sent = str((field.raw_data or [""])[0])
            found[self.two[side].key] = (
                int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
            )
        return found

    def show_versions(self) -> None:
        """The next press speaks of the rows as they are now."""
        self.version_a.data = str(self.two[FIRST].version)
        self.version_b.data = str(self.two[SECOND].version)
