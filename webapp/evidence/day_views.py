"""Which proof lay here on which day?"""

from datetime import date
from itertools import groupby
from typing import Any

from flask import request

from models.commitments.checklist import Commitment
from models.commitments.editions import editions
from models.commitments.outcome import item_on
from models.commitments.proofs import LayHere, lay_here_on
from webapp.database import city, db, today
from webapp.evidence.views import room
from webapp.filters import day, label, moment, officer_name
from webapp.forms import parse_day, typed_text
from webapp.pages import csv_file, page
from webapp.words import _, language


def _asked() -> tuple[date | None, str, int | None]:
    """The day that is asked about (today, where none is), what is wrong with it, and the item if one is named."""
    typed = typed_text(request.args.get("tag", "")).strip()
    asked = parse_day(typed) if typed else today()
    fault = ""
    if asked is None:
        fault = _("This is not a date. Write it like 31.12.2026.")
    elif asked > today():
        asked, fault = None, _("This day is still to come. Nobody knows yet what will lie here then.")
    item = request.args.get("zusage", "")
    return asked, fault, int(item) if item.isascii() and item.isdigit() and len(item) < 10 else None


@room.get("/nachweise/am")
def on_day() -> Any:
    """What lay here at the end of a day, item by item."""
    asked, fault, key = _asked()
    found = _found(asked, key)
    shown, status = page(
        "evidence/on_day.html",
        asked=asked,
        typed=typed_text(request.args.get("tag", "")),
        fault=fault,
        groups=[(group[0].item, group) for group in _by_item(found)],
        item=db().get(Commitment, key) if key else None,
        editions=_editions(),
        today=today(),
    )
    return shown, 422 if fault else status


def _found(asked: date | None, key: int | None) -> list[LayHere]:
    """What lay here; of an item also what lay at its predecessor, before its edition came into force."""
    if asked is None:
        return []
    item = db().get(Commitment, key) if key else None
    return lay_here_on(db(), asked, city().time_zone, item_on(db(), item, asked).key if item else key)


def _editions() -> dict[int, str]:
    """The names of the editions, once there are several: an item can stand in each of them."""
    rows = editions(db())
    return {row.key: row.title(language()) for row in rows} if len(rows) > 1 else {}


def _by_item(found: list[LayHere]) -> list[list[LayHere]]:
    return [list(group) for _key, group in groupby(found, lambda one: one.item.key if one.item else 0)]


@room.get("/nachweise/am.csv")
def on_day_csv() -> Any:
    """What lay here at the end of a day, as a table."""
    asked, _fault, key = _asked()
    named = {row.key: row.title(language()) for row in editions(db())}
    header = (
        _("Item"), _("Evidence"), _("Revision"), _("Kind"), _("File"), _("Web address"), _("SHA-256"), _("Added on"),
        _("Added by"), _("Valid until"), _("Valid on that day"), _("Edition"),
    )  # fmt: skip
    rows = [
        (
            one.item.title(language()) if one.item else "", one.evidence.name, one.revision.number,
            label(one.revision.kind), one.revision.file_name, one.revision.url, one.revision.sha256,
            moment(one.revision.added_at), officer_name(one.revision.added_by_id), day(one.revision.valid_until),
            _("yes") if one.was_valid(asked) else _("no"),
            named[one.item.edition_id] if one.item else "",
        )
        for one in _found(asked, key)
        if asked
    ]  # fmt: skip
    return csv_file(f"nachweise-{asked or today()}", header, rows)
