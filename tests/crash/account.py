"""The account: what the mail server took, by its own log, against what the database says."""

from collections import Counter
from dataclasses import dataclass, field

from tests.crash.installation import Outcome

WAITING = ("composed", "retrying", "claimed")


@dataclass(frozen=True)
class Account:
    """`faults` says each loss and each doubled mail in a sentence. `arrived`: of the uncertain ones."""

    kills: int
    restarts: int
    mails: int
    doubled: int
    lost: int
    waiting: int
    uncertain: int
    arrived: int
    most_uncertain: int  # new claims left behind by one kill, for each sender
    faults: tuple[str, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        return not (self.doubled or self.lost or self.waiting) and self.most_uncertain <= 1

    def line(self) -> str:
        return f"doubled {self.doubled}, lost {self.lost}, uncertain {self.uncertain}, kills {self.kills}"


def make_account(
    accepted: Counter[str], found: Outcome, fed: int, *, kills: int, restarts: int, most_uncertain: int
) -> Account:
    """`accepted`: how many times the server took each Message-ID; `fed`: how many test mails there must be."""
    doubled = [f"{name} was taken {count} times" for name, count in accepted.items() if count > 1]
    doubled += [
        f"{name} was taken, and the database would send it again"
        for name, state in found.states.items()
        if state in WAITING and accepted[name]
    ]
    lost = _lost_mails(accepted, found, fed) + _lost_reminders(accepted, found)
    uncertain = [name for name, state in found.states.items() if state == "uncertain"]
    return Account(
        kills=kills,
        restarts=restarts,
        mails=len(found.states),
        doubled=len(doubled),
        lost=len(lost),
        waiting=sum(state in WAITING and not accepted[name] for name, state in found.states.items()),
        uncertain=len(uncertain),
        arrived=sum(bool(accepted[name]) for name in uncertain),
        most_uncertain=most_uncertain,
        faults=tuple(doubled + lost),
    )


def _lost_mails(accepted: Counter[str], found: Outcome, fed: int) -> list[str]:
    lost = []
    for name, state in found.states.items():
        # Nothing here gives a reason to fail or to be left out: every mail is sent, uncertain, or waits.
        if state == "sent" and not accepted[name]:
            lost.append(f"{name} says sent, and the server never took it")
        elif state not in ("sent", "uncertain", *WAITING):
            lost.append(f"{name} is {state}")
    lost += [f"{name} was taken, and no row knows it" for name in accepted if name not in found.states]
    lost += [f"test mail {n} has no row" for n in range(found.test_mails, fed)]
    return lost


def _lost_reminders(accepted: Counter[str], found: Outcome) -> list[str]:
    lost = []
    for key, state, name in found.reminders:
        mail = found.states.get(name, "none")
        fits = (state == "sent" and mail == "sent" and accepted[name]) or (
            state == "queued" and mail in ("uncertain", *WAITING)
        )
        if not fits:
            lost.append(f"follow-up {key}: the reminder says {state}, its mail {mail}")
    reminded = {key for key, _, _ in found.reminders}
    lost += [f"a follow-up has no reminder ({n})" for n in range(len(reminded), found.follow_ups)]
    return lost
