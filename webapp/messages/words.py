"""What the state of a mail means, why it is in it, and what a person can do now."""

from dataclasses import dataclass

from flask import url_for

from models.base import N_
from models.reminders.messages import Message, MessageKind, MessageState, Reason, Reminder, ReminderState
from webapp.filters import label, moment
from webapp.messages.looking import address_part
from webapp.pages import address_of
from webapp.words import _

SECRET = (MessageKind.INVITATION, MessageKind.RESET)  # their text holds a key to an account

BADGES = {
    MessageState.SENT: "success", MessageState.FILED: "info", MessageState.COMPOSED: "info",
    MessageState.CLAIMED: "info", MessageState.RETRYING: "warning", MessageState.FAILED: "danger",
    MessageState.UNCERTAIN: "warning", ReminderState.QUEUED: "info", ReminderState.SENT: "success",
    ReminderState.SKIPPED: "info", ReminderState.MISSED: "warning", ReminderState.SUPERSEDED: "info",
}  # fmt: skip

# What the states mean, for the page that explains them; `meaning` below says it of one mail.
MAIL_STATES = {
    MessageState.COMPOSED: N_("It goes out with the next run of the automatic sending."),
    MessageState.CLAIMED: N_("It is being handed over to the mail server at this moment."),
    MessageState.SENT: N_("The mail server took it. Whether it was read, nobody knows."),
    MessageState.FILED: N_(
        "No mail server is set up. The mail lies here and nobody got it; it is not sent later either."
    ),
    MessageState.RETRYING: N_(
        "The handing over did not work. It is tried again by itself, for up to three days."
    ),
    MessageState.FAILED: N_("It did not reach the recipient, and nothing more is tried by itself."),
    MessageState.UNCERTAIN: N_("Nobody knows whether it arrived. It is never sent again by itself."),
}
REMINDER_STATES = {
    ReminderState.QUEUED: N_("The mail is written with the next run of the automatic sending."),
    ReminderState.SENT: N_("It was told in a mail."),
    ReminderState.SKIPPED: N_("There was no reason any more to write a mail."),
    ReminderState.MISSED: N_("No mail went out, although one was planned."),
    ReminderState.SUPERSEDED: N_("Its date does not hold any more."),
}

_NOTHING = N_("Nothing to do.")
_SEE_WHAT_IS_LEFT = N_("Please look whether something must still be done.")
_AGAIN_OR_IT = N_("Please send it again, or show the answer of the mail server to your IT.")
_ASK = N_("Please ask the recipient whether it arrived, then decide.")
ADVICE = {
    Reason.NONE: _NOTHING,
    Reason.DONE: _NOTHING,
    Reason.MOVED: N_("Nothing to do: the new date is reminded of as usual."),
    Reason.DELETED: _NOTHING,
    Reason.RULE_OFF: N_("If it is still to be reminded of, switch the reminder on again."),
    Reason.LEFT: N_("Please look who is responsible now; that person is reminded."),
    Reason.AWAY: N_("Nothing to do: the deputy is reminded."),
    Reason.REASSIGNED: N_("Nothing to do: whoever is responsible now is reminded."),
    Reason.DO_NOT_CONTACT: N_("Please tell the person in another way, if it matters."),
    Reason.UNWANTED: N_(
        "Nothing to do: everybody decides about informations on the page of the own account."
    ),
    Reason.TOLD: N_("Nothing to do: the new date stands in that mail."),
    Reason.PAST: _SEE_WHAT_IS_LEFT,
    Reason.RESTORED: N_("If the recipient should still know, please send it again or call."),
    Reason.REFUSED: N_("Please check the address. If it is right, send the mail again."),
    Reason.ON_HOLD: N_(
        "First check the address and press “The address is checked”; then send the mail again."
    ),
    Reason.CONTENT: _AGAIN_OR_IT,
    Reason.TEMPORARY: N_("Nothing to do: it is tried again by itself."),
    Reason.DROPPED: N_("Nothing to do: it is tried again by itself."),
    Reason.NO_ANSWER: _ASK,
    Reason.INTERRUPTED: _ASK,
    Reason.GAVE_UP: _AGAIN_OR_IT,
    Reason.FAULTY: N_("Please show the log of the program to your IT; it tries again at every run."),
    Reason.BY_HAND: _NOTHING,
}


@dataclass(frozen=True)
class Step:
    """What a person can do now: a sentence, and perhaps the place where it is done."""

    text: str
    address: str = ""
    link: str = ""


def is_secret(message: Message) -> bool:
    """Whether the mail's text must not be shown to anybody but its recipient."""
    return message.kind in SECRET


def meaning(message: Message) -> str:
    """The state of this mail in one or two sentences."""
    state = message.state
    if state is MessageState.SENT and message.reason is Reason.BY_HAND:
        return _("A colleague marked it as delivered on {moment}.").format(moment=moment(message.settled_at))
    if state is MessageState.SENT:
        return _("The mail server took it on {moment}.").format(moment=moment(message.settled_at))
    if state is MessageState.RETRYING:
        return _("It is tried again by itself on {moment}.").format(moment=moment(message.ready_at))
    if state is MessageState.FAILED:
        return _("It did not reach {name}.").format(name=message.to_name)
    return _(MAIL_STATES[state])


def advice(message: Message) -> str:
    """What to do now; empty where there is nothing to do."""
    if message.state is MessageState.UNCERTAIN:
        return _("Please ask {name} whether it arrived, then decide.").format(name=message.to_name)
    if message.state is MessageState.FILED:
        return _("If {name} should know, please say so in another way.").format(name=message.to_name)
    if message.state is not MessageState.FAILED:
        return ""
    if message.reason in (Reason.REFUSED, Reason.ON_HOLD):
        return _("Please check whether {address} is right. If it is, send the mail again.").format(
            address=message.to_address
        )
    if message.reason in (Reason.PAST, Reason.RESTORED):
        return _("Nothing more is sent by itself. If the recipient should still know, send it again or call.")
    return _(_AGAIN_OR_IT)


def reason(row: Message | Reminder) -> str:
    """Why it is in this state, where that is known."""
    return label(row.reason) if row.reason.label else ""


def step(message: Message) -> Step | None:
    """What a list offers to do about a mail."""
    address = url_for("messages.show", key=message.key, _anchor="entscheiden")
    if message.state is MessageState.UNCERTAIN:
        return Step(advice(message), address, _("Decide"))
    if message.state is MessageState.FAILED:
        text = _("Check the address") if message.reason in (Reason.REFUSED, Reason.ON_HOLD) else _("Decide")
        return Step(advice(message), address, text)
    return None


def untold_step(reminder: Reminder) -> Step:
    """What can be done about a reminder that no mail told of."""
    text = _(ADVICE[reminder.reason])
    if reminder.message_id is not None:
        return Step(text, url_for("messages.show", key=reminder.message_id), _("Open the mail"))
    if reminder.reason is Reason.NONE and reminder.state is not ReminderState.QUEUED:
        text = _(_SEE_WHAT_IS_LEFT)
    if reminder.reason is Reason.RULE_OFF:
        return Step(text, url_for("reminders.show_rule", key=reminder.rule_id), _("Open the rule"))
    if reminder.reason in (Reason.TOLD, Reason.AWAY, Reason.REASSIGNED):
        about = address_part(reminder.subject_kind, reminder.subject_id)
        return Step(text, url_for("messages.index", zu=about), _("Mails about this"))
    if reminder.reason in (Reason.DO_NOT_CONTACT, Reason.UNWANTED):
        return Step(
            text, address_of(reminder.person_kind, reminder.person_id) or "", _("Open the person's page")
        )
    if reminder.reason in (Reason.DELETED, Reason.FAULTY):
        return Step(text)
    return Step(
        text, address_of(reminder.subject_kind, reminder.subject_id) or "", _("Open what it is about")
    )
