"""The judge itself: what it must not let pass."""

from collections import Counter

import pytest

from tests.crash.account import make_account
from tests.crash.installation import Outcome

ONE = {"<1@x>": "sent"}


def account(accepted, states, *, fed=None, reminders=(), follow_ups=0, most_uncertain=1):
    found = Outcome(states, len(states), follow_ups, list(reminders))
    fed = len(states) if fed is None else fed
    return make_account(Counter(accepted), found, fed, kills=10, restarts=0, most_uncertain=most_uncertain)


def test_all_is_well():
    states = {"<1@x>": "sent", "<2@x>": "uncertain", "<3@x>": "uncertain"}
    found = account({"<1@x>": 1, "<2@x>": 1}, states)
    assert found.is_good
    assert found.arrived == 1
    assert found.line() == "doubled 0, lost 0, uncertain 2, kills 10"


@pytest.mark.parametrize(
    ("accepted", "states"),
    [({"<1@x>": 2}, ONE), ({"<1@x>": 2}, {"<1@x>": "uncertain"}), ({"<1@x>": 1}, {"<1@x>": "composed"})],
    ids=["twice", "twice and uncertain", "taken and would be sent again"],
)
def test_doubled(accepted, states):
    found = account(accepted, states)
    assert (found.doubled, found.lost, found.is_good) == (1, 0, False)


@pytest.mark.parametrize(
    ("accepted", "states", "more"),
    [
        ({}, ONE, {}),
        ({}, {"<1@x>": "failed"}, {}),
        ({"<1@x>": 1, "<2@x>": 1}, ONE, {}),
        ({"<1@x>": 1}, ONE, {"fed": 2}),
        ({"<1@x>": 1}, ONE, {"follow_ups": 1}),
        ({"<1@x>": 1}, ONE, {"follow_ups": 1, "reminders": [(1, "sent", "")]}),
        ({"<1@x>": 1}, ONE, {"follow_ups": 1, "reminders": [(1, "queued", "")]}),
        ({"<1@x>": 1}, ONE, {"follow_ups": 1, "reminders": [(1, "queued", "<1@x>")]}),
        ({}, {"<1@x>": "uncertain"}, {"follow_ups": 1, "reminders": [(1, "sent", "<1@x>")]}),
    ],
    ids=[
        "sent without a 250",
        "failed without a reason",
        "taken and unknown",
        "no row",
        "no reminder",
        "reminder without a mail",
        "reminder that never got a mail",
        "reminder still due though its mail was sent",
        "reminder sent though its mail is uncertain",
    ],
)
def test_lost(accepted, states, more):
    found = account(accepted, states, **more)
    assert (found.doubled, found.lost, found.is_good) == (0, 1, False)


def test_what_still_waits_is_neither_lost_nor_well():
    found = account({}, {"<1@x>": "composed"})
    assert (found.doubled, found.lost, found.waiting, found.is_good) == (0, 0, 1, False)


def test_two_uncertain_mails_of_one_kill_and_worker_are_not_well():
    assert not account({}, {"<1@x>": "uncertain"}, most_uncertain=2).is_good


def test_a_reminder_is_well_when_its_mail_is_sent_or_uncertain():
    states = {"<1@x>": "sent", "<2@x>": "uncertain"}
    reminders = [(1, "sent", "<1@x>"), (2, "sent", "<1@x>"), (3, "queued", "<2@x>")]
    assert account({"<1@x>": 1}, states, reminders=reminders, follow_ups=3).is_good
