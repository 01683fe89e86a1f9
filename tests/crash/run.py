"""One run: kill the sender again and again while it sends, start it again at once, and make the account."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.reminders.messages import CLAIM_LENGTH, MessageState
from tests.crash.account import Account, make_account
from tests.crash.aim import draw
from tests.crash.installation import READY, Installation
from tests.crash.senders import BY_HAND, TIMETABLE, One, Senders, Workers
from tests.jobs.fault_process import FaultProcess

REMINDED = 10  # every tenth mail is a real reminder: queued and composed by the sender itself
LAST_RUN = 300.0  # seconds
SENDERS = 2  # in a timetable: the tick of each minute and the delivery of every five seconds may overlap


@dataclass(frozen=True)
class Plan:
    """`restart` crashes the database and starts it again, in every fourth life; None: never. `tell` is told how
    far the run is."""

    url: str
    folder: Path
    mails: int
    kills: int
    workers: int
    seed: int
    restart: Callable[[], None] | None = None
    tell: Callable[[str], None] = lambda line: None


def run(plan: Plan) -> Account:
    """Raises RuntimeError when the sender cannot be killed so often, because it ends or sends nothing."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(FaultProcess(plan.folder / "server.log"))
        workers = stack.enter_context(Workers(plan.workers)) if plan.workers > 1 else None
        city = Installation(plan.url, plan.folder / "data", server.url)
        stack.callback(city.close)
        return _Run(plan, server, city, workers).account()


class _Run:
    def __init__(self, plan: Plan, server: FaultProcess, city: Installation, workers: Workers | None) -> None:
        self.plan, self.server, self.city, self.workers = plan, server, city, workers
        self.log = plan.folder / "sender.log"
        self.chance = random.Random(plan.seed)
        self.kills = self.restarts = self.lives = self.most_uncertain = 0
        self.left_to_feed = plan.mails
        self.fed_test_mails = 0
        self.aims: Counter[str] = Counter()

    def account(self) -> Account:
        self._feed(self.plan.mails // 10)
        while self.kills < self.plan.kills:
            if self.lives > 2 * self.plan.kills + 10:
                raise RuntimeError(f"only {self.kills} kills in {self.lives} lives: {self.plan.folder}")
            self._life()
        self._feed(self.left_to_feed)
        self._last_run()
        for name, count in self.aims.most_common():
            self.plan.tell(f"  {count} × {name}")
        return make_account(
            self.server.accepted(),
            self.city.outcome(),
            self.fed_test_mails,
            kills=self.kills,
            restarts=self.restarts,
            most_uncertain=self.most_uncertain,
        )

    def _feed(self, mails: int) -> None:
        mails = min(mails, self.left_to_feed)
        self.left_to_feed -= mails
        reminders = mails // REMINDED
        self.fed_test_mails += mails - reminders
        self.city.feed(mails - reminders, reminders)

    def _life(self) -> None:
        """From a start to a kill. The sender may be of the timetable; the database may crash under it."""
        plan = self.plan
        kills_left = plan.kills - self.kills
        self._feed(max(1, self.left_to_feed // kills_left))
        claimed, ready = self._claimed(), self.city.count(READY)
        is_timetable, is_restarting = self.lives % 10 == 7, plan.restart is not None and self.lives % 4 == 2
        self.lives += 1
        aim = draw(self.chance, min(ready * 3 // 4, 2 * plan.mails // plan.kills), is_timetable=is_timetable)
        aim.take(self.server)
        senders = self._start(TIMETABLE if is_timetable else BY_HAND)
        try:
            is_hit = aim.wait(self.server, senders)
            if is_restarting:
                plan.restart()
                self.restarts += 1
                if self.chance.random() < 0.5:  # whoever survived that goes on a little
                    self.server.mark("answered", self.chance.randint(1, 5))
                    self.server.is_marked(6 if is_timetable else 1)
        finally:
            is_kill = senders.kill()
        self.server.release()
        self.city.wait_for_the_dead()
        if is_kill:
            self.kills += 1
            self.aims[aim.name if is_hit else "when nothing more came"] += 1
            if self.kills % max(1, plan.kills // 10) == 0:
                self.plan.tell(f"  {self.kills} kills, {self.city.count((MessageState.SENT,))} mails sent")
        self._judge_claims(self._claimed() - claimed, 1 + is_restarting, SENDERS if is_timetable else 1)

    def _start(self, arguments: tuple[str, ...]) -> Senders:
        if self.workers is None:
            return One(self.city.environ(), self.log, arguments)
        return self.workers.start(self.city.environ(), self.log, arguments)

    def _judge_claims(self, left: int, crashes: int, senders: int) -> None:
        """At most one mail for each sender and crash is left claimed; the sender's next start never takes it back."""
        workers = self.plan.workers * crashes * senders
        if left > workers:
            self.plan.tell(
                f"  kill {self.kills}: {left} mails left, {crashes} crashes of {workers // crashes} senders"
            )
        self.most_uncertain = max(self.most_uncertain, -(-left // workers))

    def _claimed(self) -> int:
        return self.city.count((MessageState.CLAIMED, MessageState.UNCERTAIN))

    def _last_run(self) -> None:
        """Undisturbed, as of a moment at which every claim has run out: the product's own way to let time pass."""
        later = (datetime.now(UTC) + CLAIM_LENGTH + timedelta(minutes=1)).isoformat(timespec="seconds")
        for _ in range(2):
            last = One(self.city.environ(), self.log, (*BY_HAND, "--at", later, "--for-real"))
            try:
                code = last.wait(LAST_RUN)
            finally:
                last.kill()
            if code:
                raise RuntimeError(f"the last run failed ({code}); see {self.log}")
