"""Whether mails arrive, and what happens after a restore."""

from typing import Any

from flask import current_app, flash, redirect, url_for

from models.overview import resume_sending
from models.reminders.letters import compose_test
from models.reminders.messages import MessageState
from models.reminders.record import held_address, is_under_way, last_test, may_have_arrived
from models.reminders.restored import WouldSend, settle_as_sent, would_send
from webapp import sending_state
from webapp.access import officer
from webapp.clock import now
from webapp.database import city, database, db, today
from webapp.pages import done, page
from webapp.reminders.views import room
from webapp.words import _


@room.route("/erinnerungen/testmail", methods=["GET"])
def test_mail() -> Any:
    """The state of the last test mail to oneself."""
    message = last_test(db(), officer().key)
    return page(
        "reminders/test_mail.html",
        message=message,
        is_waiting=message is not None and is_under_way(message),
        is_held=held_address(db(), officer().email) is not None,
        may_confirm=may_have_arrived(db(), officer().key),
        checked_on=city().mail_checked_on,
        states=MessageState,
    )


@room.post("/erinnerungen/testmail")
def send_test_mail() -> Any:
    """Send a test mail to oneself; one that is still under way is not doubled."""
    message = last_test(db(), officer().key)
    if message is not None and is_under_way(message):
        flash(_("The last test mail is still being sent."))
        return redirect(url_for(".test_mail"), code=303)
    compose_test(db(), officer(), current_app.extensions["lotse_settings"].mail, now())
    return done(url_for(".test_mail"), _("The test mail is being sent."))


@room.post("/erinnerungen/testmail/angekommen")
def confirm_test_mail() -> Any:
    """It arrived: the way of the mails is known to work."""
    if not may_have_arrived(db(), officer().key):
        flash(_("No test mail has left this computer yet, so none can have arrived."))
        return redirect(url_for(".test_mail"), code=303)
    city().mail_checked_on = today()
    return done(url_for(".test_mail"), _("Noted: mails arrive."))


def _what_would_go() -> list[WouldSend]:
    """The sender's own steps, in a session of their own that is rolled back. Only while this request just reads."""
    settings = current_app.extensions["lotse_settings"].mail
    with database().write(now()) as session:
        try:
            return would_send(session, settings, now())
        finally:
            session.rollback()


@room.get("/erinnerungen/wiederherstellung")
def restored() -> Any:
    """After a restore: what would be sent now."""
    is_paused = sending_state().is_paused
    return page("reminders/restored.html", is_paused=is_paused, rows=_what_would_go() if is_paused else [])


def _not_paused() -> Any:
    flash(_("The automatic sending is not paused. Nothing was changed."))
    return redirect(url_for(".restored"), code=303)


@room.post("/erinnerungen/wiederherstellung/als-verschickt")
def take_as_sent() -> Any:
    """Everything that is due went out before the restore; only what comes later is sent."""
    if not sending_state().is_paused:
        return _not_paused()
    settle_as_sent(db(), now())
    resume_sending(db())
    return done(url_for(".index"), _("Taken as sent. The automatic sending goes on."))


@room.post("/erinnerungen/wiederherstellung/senden")
def send_now() -> Any:
    """What is due goes out now."""
    if not sending_state().is_paused:
        return _not_paused()
    resume_sending(db())
    return done(url_for(".index"), _("The automatic sending goes on and sends what is due."))
