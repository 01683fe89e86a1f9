"""The timeline of the case: as a table, as a file, and beside it as a picture."""

from typing import Any

from models.timeline import Moment, timeline, without_day
from webapp.application.chosen import case_address, chosen
from webapp.application.timeline_picture import picture
from webapp.application.views import room
from webapp.database import db, today
from webapp.filters import day, label
from webapp.pages import address_of, csv_file, page
from webapp.words import _, language


@room.get("/beitritt/zeitachse")
def show_timeline() -> Any:
    """Every known day, the earliest first."""
    application = chosen()
    moments = timeline(db(), application, today())
    return page(
        "application/timeline.html",
        application=application,
        moments=moments,
        past=[row for row in moments if row.day <= today()],
        coming=[row for row in moments if row.day > today()],
        undated=without_day(db(), today()),
        words=moment_words,
        address_of=address_of,
        picture=picture(moments, today()),
        csv_address=case_address(".timeline_csv", application),
        back=case_address(".show", application),
        today=today(),
    )


def moment_words(moment: Moment) -> str:
    """What happened on this day, in words."""
    parts = (moment.title(language()), _(moment.what) if moment.what else "")
    return ": ".join(part for part in parts if part)


@room.get("/beitritt/zeitachse.csv")
def timeline_csv() -> Any:
    """The timeline as a table."""
    rows = ((day(row.day), moment_words(row), label(row.lane)) for row in timeline(db(), chosen(), today()))
    return csv_file("zeitachse", (_("Day"), _("What"), _("Source")), rows)
