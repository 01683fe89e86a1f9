"""Where a fault of city.json is mended."""

from dataclasses import dataclass

from flask import url_for

from models.application.city_export import CityExport
from models.application.city_profile import ProfileKind

_LISTS = {
    "data_snapshot": ProfileKind.SNAPSHOT,
    "projects": ProfileKind.PROJECT,
    "news": ProfileKind.NEWS,
    "events": ProfileKind.EVENT,
}


@dataclass(frozen=True)
class Found:
    """A fault or a piece of advice in words, and the page on which it is mended."""

    words: str
    address: str


def mended_at(export: CityExport, section: str, number: int = -1, field: str = "") -> str:
    """The page on which this field is typed: each fact stands in one place only."""
    if section == "ecosystem" and 0 <= number < len(export.organisation_ids):
        return url_for("organisations.edit", key=export.organisation_ids[number])
    if section in _LISTS:
        keys = export.entry_ids[_LISTS[section]]
        if 0 <= number < len(keys):
            return url_for("city_profile.edit_entry", key=keys[number])
        return url_for("city_profile.show") + f"#{_LISTS[section].value}"
    if section == "city" and field in ("country", "type") and export.place_id:
        return url_for("places.edit", key=export.place_id)
    if section == "city" and field == "name":
        return url_for("more.edit_city")
    return url_for("city_profile.edit")
