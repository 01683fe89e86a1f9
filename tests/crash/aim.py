"""When the sender is killed: at moments the server's log names, and purely by chance."""

import random
import time
from dataclasses import dataclass

from tests.crash.senders import Senders
from tests.jobs.fault_process import FaultProcess

HOLD = 1.0  # seconds at most for which the server keeps its 250 back, so that the kill comes before it
PATIENCE = 20.0  # seconds until a mail must have come; the timetable looks every five seconds


@dataclass(frozen=True)
class Aim:
    """`event` of the server's log, so many times; then some seconds. No event: so many seconds after the start."""

    name: str
    event: str
    after: int
    hold: float
    seconds: float

    def take(self, server: FaultProcess) -> None:
        """Before the sender starts."""
        if self.event:
            server.mark(self.event, self.after, self.hold)

    def wait(self, server: FaultProcess, senders: Senders) -> bool:
        """Until the moment has come. False if it did not, or nobody is left to kill."""
        until = time.monotonic() + PATIENCE
        while self.event and not server.is_marked(0.05):
            if not senders.is_alive() or time.monotonic() > until:
                return False
        time.sleep(self.seconds)
        return True


def draw(chance: random.Random, most: int, *, is_timetable: bool) -> Aim:
    """A moment among the next `most` mails."""
    after = chance.randint(1, max(1, most))
    weights = {"before": 3, "content": 3, "answered": 2, "mid": 4, "clock": 0 if is_timetable else 1}
    (kind,) = chance.choices(list(weights), list(weights.values()))
    if kind == "before":
        return Aim("claimed, not handed over", chance.choice(("mail", "rcpt", "data")), after, HOLD, 0)
    if kind == "content":
        return Aim("all bytes came, no 250 yet", "content", after, HOLD, 0)
    if kind == "answered":
        return Aim("right after the 250", "answered", after, 0, 0)
    if kind == "mid":
        return Aim("some milliseconds after a mail", "content", after, 0, chance.uniform(0, 0.03))
    return Aim("by the clock alone", "", 0, 0, chance.uniform(0.3, 2.0))
