"""What every page must say about the automatic sending: what happened, what it means, where something can be done."""

from dataclasses import dataclass

from flask import current_app, url_for

from models.evidence.disk import damaged
from models.overview import Sending
from settings import Settings
from webapp import sending_state
from webapp.database import db
from webapp.filters import moment
from webapp.words import _, ngettext

AT_ONCE = 3  # more than these are folded away


@dataclass(frozen=True)
class Banner:
    """One notice; `kind` is the alert's: danger, warning, info."""

    kind: str
    text: str
    address: str = ""
    link: str = ""


def banners() -> list[Banner]:
    """The notices of this moment, first what stops everything."""
    state = sending_state()
    settings: Settings = current_app.extensions["lotse_settings"]
    return [*_standstill(state), *_setting_up(settings), *_mails(state), *_files(), *_server(state)]


def _standstill(state: Sending) -> list[Banner]:
    found = []
    if state.is_paused:
        text = _(
            "The automatic sending is paused, because this database was restored from a backup. No reminder goes out"
            " until somebody has looked at what would be sent."
        )
        found.append(Banner("warning", text, url_for("reminders.restored"), _("See what would be sent")))
    if state.is_stale and not state.is_starting:
        found.append(
            Banner("warning", _stale_text(state), url_for("reminders.index"), _("See what is waiting"))
        )
    return found


def _stale_text(state: Sending) -> str:
    if state.last_tick_at is None:
        return _(
            "The automatic sending is not running: it has never run. Nobody is reminded until your IT starts it."
        )
    return _(
        "The automatic sending is not running: its last run was on {moment}. Nobody is reminded until your IT starts it"
        " again; what still matters is sent then."
    ).format(moment=moment(state.last_tick_at))


def _setting_up(settings: Settings) -> list[Banner]:
    found = []
    if not settings.sends_mail and not settings.is_demo:
        text = _("No e-mail leaves this computer: no mail server is set up. Mails are filed here instead.")
        found.append(Banner("info", text, url_for("messages.index"), _("Read filed mails")))
    if settings.dead_links:
        text = _(
            "Links in mails would be dead: the address of this program (LOTSE_BASE_URL) is only reachable on this"
            " computer."
        )
        found.append(Banner("warning", text))
    return found


def _mails(state: Sending) -> list[Banner]:
    found = []
    if state.failed:
        text = ngettext(
            "One mail could not be delivered: its recipient knows nothing of it.",
            "{n} mails could not be delivered: their recipients know nothing of them.",
            state.failed,
        )
        found.append(Banner("danger", text, url_for("messages.index", zustand="failed"), _("See which")))
    if state.uncertain:
        text = ngettext(
            "Check delivery of one mail: nobody knows whether it arrived, and it is not sent again by itself.",
            "Check delivery of {n} mails: nobody knows whether they arrived, and none is sent again by itself.",
            state.uncertain,
        )
        found.append(Banner("warning", text, url_for("messages.index", zustand="uncertain"), _("Decide")))
    return found


def _files() -> list[Banner]:
    number = damaged(db())
    if not number:
        return []
    text = ngettext(
        "The file of one piece of evidence is missing or was changed on the disk: it does not count.",
        "The files of {n} pieces of evidence are missing or were changed on the disk: they do not count.",
        number,
    )
    return [Banner("danger", text, url_for("evidence.index", stand="damaged"), _("See which"))]


def _server(state: Sending) -> list[Banner]:
    found = []
    if state.has_failed:
        text = _(
            "The program failed at a reminder in the last run of the automatic sending. Please show its log to your IT."
        )
        found.append(Banner("danger", text, url_for("messages.untold"), _("See what did not go out")))
    if state.server_fault:
        text = _(
            "The mail server cannot be used at the moment. Mails wait and are sent as soon as it works again."
        )
        found.append(Banner("warning", text, url_for("messages.index"), _("See the answer of the server")))
    if state.on_hold:
        text = ngettext(
            "One address is on hold: nothing is sent to it until somebody has checked it.",
            "{n} addresses are on hold: nothing is sent to them until somebody has checked them.",
            state.on_hold,
        )
        address = url_for("messages.index", _anchor="angehalten")
        found.append(Banner("warning", text, address, _("Check the address")))
    return found
