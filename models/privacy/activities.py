"""The processing activities of this program (Art. 30(1) GDPR): which tables belong to each, and what for."""

from collections.abc import Callable
from dataclasses import dataclass

from models.base import N_
from models.city import City
from models.language import Translate

Said = Callable[[City, Translate], str]


@dataclass(frozen=True)
class Activity:
    """Msgids, and the tables whose personal columns belong to it. `kept`: the periods, with the city's settings."""

    name: str
    purpose: str
    basis: str
    people: str
    tables: tuple[str, ...]
    recipients: str
    kept: Said


def _contacts_kept(city: City, _: Translate) -> str:
    return _(
        "{months} months after the last function ended, else after the last exchange; then review and erasure by a "
        "person. Of an erased contact the day and the number of rows stay."
    ).format(months=city.contacts_keep_months)


def _joining_kept(_city: City, _: Translate) -> str:
    return _("Part of the file on the joining; by the city’s rules for its files.")


def _colleagues_kept(city: City, _: Translate) -> str:
    return _(
        "Account: until it is closed, then the name stays with what the colleague did. Browser sessions: 12 hours. "
        "One-time links: {days} days. Failed sign-ins: one day. Text of sent mails: {months} months."
    ).format(days=city.sessions_keep_days, months=city.mails_keep_months)


def _imports_kept(_city: City, _: Translate) -> str:
    return _(
        "Files that were not imported: 7 days; imported files of contacts: 30 days. What an import changed stays as "
        "long as the contact, so that it can be taken back."
    )


_PUBLIC_TASK = N_("Public task (Art. 6(1)(e) GDPR)")
_COLLEAGUES = N_(
    "Colleagues of the unit with an account; those who run the program’s computers for the city."
)

ACTIVITIES = (
    Activity(
        N_("Keeping contacts with cities, labs and partners"),
        N_("Exchange on the city’s way into the Fab City Network: whom to ask, what was said, what was agreed."),
        N_("Recorded with each contact: public task, consent, contract or legal obligation (Art. 6(1) GDPR)."),
        N_("Contact persons in other cities, labs, associations, companies, universities and offices"),
        (
            "person", "contact_point", "person_role", "interaction", "interaction_file", "contact_merge", "follow_up",
            "comment",
        ),
        _COLLEAGUES,
        _contacts_kept,
    ),
    Activity(
        N_("Preparing and proving the joining"),
        N_("Declarations, partners, submission and evidence of the joining."),
        _PUBLIC_TASK,
        N_("Who signs for labs and partners, or writes for the network"),
        ("declaration", "submission", "submission_reply"),
        N_("Colleagues of the unit; council and network, as far as the submission needs it."),
        _joining_kept,
    ),
    Activity(
        N_("Accounts, reminders and history of the colleagues"),
        N_("Signing in, reminding whoever is responsible, and showing who changed what when."),
        N_("Public task and employment (Art. 6(1)(e) and Art. 88 GDPR)"),
        N_("Colleagues of the unit"),
        ("officer", "message", "mail_address", "audit_entry"),
        N_("Colleagues of the unit with an account; the mail server of the city."),
        _colleagues_kept,
    ),
    Activity(
        N_("Taking contacts in from files and giving them out"),
        N_("Taking over address lists, and handing contacts to other programs of the city."),
        _PUBLIC_TASK,
        N_("Contact persons in other cities, labs, associations, companies, universities and offices"),
        ("import_change", "import_row"),
        N_("Whoever gets the file that a colleague made; day, colleague, kind and number are recorded."),
        _imports_kept,
    ),
)  # fmt: skip

# Technical and organisational measures (Art. 32 GDPR) that this program has itself; each is described in docs/ or
# held by a test. What the city does around it (rooms, network, encryption of disks and backups) it enters itself.
MEASURES = (
    N_("Every page with data asks for sign-in; passwords are stored as Argon2id hashes; guessing them is slowed down."),
    N_("A browser session ends after 12 hours; cookies are limited to https where the address is https."),
    N_("Every change is recorded with colleague and moment; the history cannot be edited on any page."),
    N_("Looking at pages is not logged; the program’s messages contain no names, addresses or subject lines."),
    N_("The program listens on the local computer only; https is done by the city’s proxy in front of it."),
    N_("Nothing is loaded from third parties, and there is no tracking; the security rules of the pages forbid it."),
    N_("The password for the mail server travels by TLS with a checked certificate only."),
    N_("The data folder and the secret key can be read by the program’s own user only."),
    N_("Uploaded files are stored under their checksum and checked every night."),
    N_("A backup is one file with checksums, readable for its owner only; it is not encrypted by the program."),
    N_("Nobody outside gets a mail by itself; exports of contacts are recorded with day, colleague, kind and number."),
    N_("Erasing a contact is looked at first, then done everywhere: history, mails, search and imports included."),
)  # fmt: skip
