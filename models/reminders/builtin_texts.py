"""What mails say as long as nobody wrote something else: data, in both languages.

The heading, the table of facts, the button with its link, the list of a collection and the closing lines are not part
of a text: the program always adds them, so that no wording can lose them.
"""

from dataclasses import dataclass

from models.base import N_, Labelled


@dataclass(frozen=True)
class Wording:
    """A subject line, and a body whose paragraphs are parted by an empty line."""

    subject: str
    body: str


class TextCode(Labelled):
    """The mails whose wording can be changed; the value is the row's `code`."""

    REMINDER = "reminder", N_("Reminder")
    TASK = "task", N_("Task of the network's year")
    SHORT = "short", N_("At short notice")
    LATE = "late", N_("Late, after the sending had stood still")
    DIGEST = "digest", N_("Daily overview")
    MOVED = "moved", N_("Change of date")
    CANCELLED = "cancelled", N_("Cancellation")
    REVIVED = "revived", N_("Takes place after all")
    ESCALATION = "escalation", N_("Still open: asks further")


_HELLO = {"de": "Guten Tag {person},", "en": "Hello {person},"}

# code -> language -> (subject line, paragraphs after the salutation). German paragraphs go on in lower case after it.
_TEXTS: dict[TextCode, dict[str, tuple[str, tuple[str, ...]]]] = {
    TextCode.REMINDER: {
        "de": ("{anlass}: {titel} {termin}", ("{abstand}",)),
        "en": ("{anlass}: {titel} {termin}", ("{abstand}",)),
    },
    TextCode.TASK: {
        "de": ("{regel}: {titel} {termin}", ("{abstand}", "Jetzt steht an: {regel}.")),
        "en": ("{regel}: {titel} {termin}", ("{abstand}", "What is to be done now: {regel}.")),
    },
    TextCode.SHORT: {
        "de": (
            "Kurzfristig: {inhalt}",
            (
                "diese E-Mail kommt kurzfristig: Ein Termin ist neu oder wurde vorgezogen, oder eine Erinnerung wurde "
                "erst jetzt eingerichtet.",
            ),
        ),
        "en": (
            "At short notice: {inhalt}",
            (
                "this mail comes at short notice: a date is new or was brought forward, or a reminder was set up "
                "only now.",
            ),
        ),
    },
    TextCode.LATE: {
        "de": (
            "Verspätet: {inhalt}",
            (
                "diese E-Mail kommt später als vorgesehen, weil der automatische Versand stillstand.",
                "Termine, die in dieser Zeit vergangen sind, stehen nicht darin. Sie finden sie auf der Seite "
                "„Erinnerungen“.",
            ),
        ),
        "en": (
            "Late: {inhalt}",
            (
                "this mail comes later than planned, because the automatic sending had stood still.",
                "Dates that passed in this time are not part of it. You find them on the page “Reminders”.",
            ),
        ),
    },
    TextCode.DIGEST: {
        "de": ("Tagesübersicht: {inhalt}", ("das steht an:",)),
        "en": ("Daily overview: {inhalt}", ("this is what is coming up:",)),
    },
    TextCode.MOVED: {
        "de": (
            "Terminverschiebung: {titel} {termin}",
            ("der Termin wurde verschoben: bisher {alt}, jetzt {datum}.",),
        ),
        "en": ("New date: {titel} {termin}", ("the date was changed: it was {alt}, now it is {datum}.",)),
    },
    TextCode.CANCELLED: {
        "de": (
            "Absage: {titel}",
            (
                "„{titel}“ wurde abgesagt.",
                "Sie bekommen diese E-Mail, weil Sie daran erinnert wurden. Es ist nichts mehr zu tun.",
            ),
        ),
        "en": (
            "Cancelled: {titel}",
            (
                "“{titel}” was cancelled.",
                "You get this mail because you were reminded of it. There is nothing left to do.",
            ),
        ),
    },
    TextCode.REVIVED: {
        "de": ("Findet doch statt: {titel} {termin}", ("„{titel}“ findet doch statt: {abstand}",)),
        "en": ("Takes place after all: {titel} {termin}", ("“{titel}” takes place after all. {abstand}",)),
    },
    TextCode.ESCALATION: {
        "de": (
            "Noch offen: {titel} {termin}",
            (
                "„{titel}“ ist noch nicht erledigt: {abstand}",
                "Verantwortlich: {verantwortlich}. Bitte klären Sie gemeinsam, wie es weitergeht.",
            ),
        ),
        "en": (
            "Still open: {titel} {termin}",
            (
                "“{titel}” is not done yet. {abstand}",
                "Responsible: {verantwortlich}. Please settle together how to go on.",
            ),
        ),
    },
}


def built_in(code: TextCode, language: str) -> Wording:
    """The wording that comes with the program."""
    subject, paragraphs = _TEXTS[code][language]
    return Wording(subject, "\n\n".join((_HELLO[language], *paragraphs)))
