"""What a mail's state means, and what a person can do now."""

from models.reminders.messages import Message, MessageKind, MessageState, Reason
from webapp.filters import label, moment
from webapp.words import _

SECRET = (MessageKind.INVITATION, MessageKind.RESET)  # their text holds a key to an account


def is_secret(message: Message) -> bool:
    """Whether the mail's text must not be shown to anybody but its recipient."""
    return message.kind in SECRET


def meaning(message: Message) -> str:
    """The state in one or two sentences."""
    state = message.state
    if state is MessageState.SENT and message.reason is Reason.BY_HAND:
        return _("A colleague marked it as delivered on {moment}.").format(moment=moment(message.settled_at))
    texts = {
        MessageState.COMPOSED: _("It goes out with the next run of the automatic sending."),
        MessageState.CLAIMED: _("It is being handed over to the mail server at this moment."),
        MessageState.SENT: _("The mail server took it on {moment}.").format(
            moment=moment(message.settled_at)
        ),
        MessageState.FILED: _(
            "No mail server is set up. The mail lies here and nobody got it; it is not sent later either."
        ),
        MessageState.RETRYING: _("It is tried again by itself on {moment}.").format(
            moment=moment(message.ready_at)
        ),
        MessageState.FAILED: _("It did not reach {name}.").format(name=message.to_name),
        MessageState.UNCERTAIN: _("Nobody knows whether it arrived."),
    }
    return texts[state]


def advice(message: Message) -> str:
    """What to do now; empty where there is nothing to do."""
    if message.state is MessageState.UNCERTAIN:
        return _("Please ask {name} whether it arrived, then decide.").format(name=message.to_name)
    if message.state is not MessageState.FAILED:
        return ""
    if message.reason in (Reason.REFUSED, Reason.ON_HOLD):
        return _("Please check whether {address} is right. If it is, send the mail again.").format(
            address=message.to_address
        )
    if message.reason in (Reason.PAST, Reason.RESTORED):
        return _("Nothing more is sent by itself. If the recipient should still know, send it again or call.")
    return _("Please send it again, or show the answer of the mail server to your IT.")


def reason(message: Message) -> str:
    """Why it is in this state, where that is known."""
    return label(message.reason) if message.reason.label else ""
