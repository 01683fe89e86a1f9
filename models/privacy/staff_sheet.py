"""One page for the staff council: which data of colleagues this program stores, who sees them, how long, what not."""

from datetime import date

from models.base import N_
from models.city import City
from models.documents.report import Bullets, Column, Heading, Paragraph, Report, Table
from models.language import Translate, day_text, translator

_NOT = (
    N_(
        "No evaluation of single colleagues: no report, ranking or number of who has done how much or how fast."
    ),
    N_("The handover file of a colleague names what is open and where it stands, not how somebody worked."),
    N_("Looking at pages is not logged; nobody can see who has read what."),
    N_("No measuring of working time; the moments in the history say only when a row was saved."),
    N_("No tracking, no data to third parties. Nothing is decided automatically."),
)


def staff_sheet(city: City, language: str, day: date) -> Report:
    """The sheet; it must stay one page of A4."""
    _ = translator(language)
    return Report(
        title=_("Which data of colleagues does this program store?"),
        subtitle=_("Fab City Lotse: information for the staff council"),
        language=language,
        author=city.unit or city.name,
        letterhead=(f"{city.name}, {city.unit}" if city.unit else city.name,),
        facts=((_("State as of"), day_text(day, language)),),
        blocks=(
            Paragraph(
                _(
                    "The program keeps the tasks, dates and contacts of the unit and reminds whoever is responsible "
                    "by mail. For that it must know who works here and who has taken over what."
                )
            ),
            Table(
                (
                    Column(_("What"), 1.3),
                    Column(_("What for"), 1.5),
                    Column(_("Who sees it"), 1.2),
                    Column(_("How long"), 1.4),
                ),
                tuple(_rows(city, _)),
            ),
            Heading(_("What the program does not do")),
            Bullets(tuple(_(said) for said in _NOT)),
            Heading(_("What colleagues decide themselves")),
            Paragraph(
                _(
                    "Whether mails come one by one or once a day, whether they want informations, their language, and "
                    "who stands in while they are away. The reason of an absence is not asked for."
                )
            ),
            Paragraph(
                _(
                    "All colleagues with an account see the same pages and may change the same data; the role named "
                    "with an account limits nothing. Those who run the computers for the city can read the database."
                )
            ),
        ),
        footer=city.unit_email,
    )


def _rows(city: City, _: Translate) -> list[tuple[str, str, str, str]]:
    everyone = _("all colleagues with an account")
    return [
        (
            _("Name, official mail address, language, role"),
            _("Account, responsibilities, mails"),
            everyone,
            _("until the account is closed; the name stays in the history"),
        ),
        (_("Password"), _("Signing in"), _("nobody: only its hash is stored"), _("until it is changed")),
        (
            _("Absence from, until, stand-in"),
            _("Reminders go to the stand-in"),
            everyone,
            _("until it is changed; earlier ones stay in the history"),
        ),
        (
            _("Responsible for which items, dates and follow-ups"),
            _("Reminding the right person"),
            everyone,
            _("as long as the item is kept"),
        ),
        (
            _("History: who changed what when"),
            _("Files of an office must show how they came about"),
            everyone,
            _("as long as the item is kept"),
        ),
        (
            _("Mails to colleagues: to whom, when, what"),
            _("Seeing whether a reminder arrived"),
            everyone,
            _("text {n} months; that it was sent stays").format(n=city.mails_keep_months),
        ),
        (
            _("Browser session, one-time links, failed sign-ins"),
            _("Keeping strangers out"),
            _("nobody on a page"),
            _("12 hours, {n} days, one day").format(n=city.sessions_keep_days),
        ),
    ]
