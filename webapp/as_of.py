"""When something was looked at: a day, a month or only a year, as exact as it is known."""

from models.places import as_of_text, read_as_of
from webapp.forms import TextField
from webapp.words import _, language


class AsOfField(TextField):
    """A day, a month or only a year."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else as_of_text(self.data or "", language())

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        if not self.data:
            return
        read = read_as_of(self.data)
        if read is None:
            raise ValueError(_("Please write a day, a month or a year: 13.08.2025, 08/2025 or 2025."))
        self.data = read
