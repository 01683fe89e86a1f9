"""./test --crash: 3,000 mails and 100 kills on SQLite, the same with four workers on PostgreSQL that crashes as well.

Ends in the line of the worst run; the exit code is 1 if anything was doubled, lost or left waiting.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests import services
from tests.crash.account import Account
from tests.crash.postgresql import crashing_postgresql
from tests.crash.run import Plan, run


def _tell(line: str) -> None:
    print(line, flush=True)


def _on_sqlite(folder: Path, chosen: argparse.Namespace) -> Account:
    url = f"sqlite:///{folder / 'lotse.sqlite3'}"
    folder.mkdir()
    return run(Plan(url, folder, chosen.mails, chosen.kills, 1, chosen.seed, tell=_tell))


def _on_postgresql(folder: Path, chosen: argparse.Namespace) -> Account:
    with crashing_postgresql() as (url, restart):
        return run(Plan(url, folder, chosen.mails, chosen.kills, 4, chosen.seed, restart, _tell))


RUNS = (
    ("PostgreSQL, vier Prozesse, Neustarts der Datenbank", _on_postgresql),
    ("SQLite, ein Prozess", _on_sqlite),
)


def main() -> int:
    parser = argparse.ArgumentParser("./test --crash")
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lotse-crash-"))
    _tell(f"Abstürze: {chosen.mails} E-Mails und {chosen.kills} kill -9 je Lauf, Startzahl {chosen.seed}")
    accounts = []
    for name, work in RUNS:
        if chosen.only and chosen.only not in name.lower():
            continue
        _tell(name)
        started = time.monotonic()
        try:
            found = work(folder / work.__name__, chosen)
        except services.ServiceMissing as missing:
            _tell(f"  nicht gelaufen: {missing}")
            accounts.append((f"{name}: nicht gelaufen", None))
            continue
        accounts.append((_summary(name, found, time.monotonic() - started), found))
        _tell_faults(found)
    return _conclude(accounts, folder)


def _summary(name: str, found: Account, seconds: float) -> str:
    return (
        f"{name}: {found.mails} E-Mails, {found.restarts} Neustarts der Datenbank, {seconds:.0f} s; von den "
        f"{found.uncertain} ungewissen waren {found.arrived} angekommen, höchstens {found.most_uncertain} je Abbruch "
        f"und Sender"
    )


def _tell_faults(found: Account) -> None:
    for fault in found.faults[:20]:
        _tell(f"  {fault}")
    if found.waiting:
        _tell(f"  {found.waiting} mails still wait")
    if found.most_uncertain > 1:
        _tell("  one kill left more than one mail uncertain for a sender")


def _conclude(accounts: list[tuple[str, Account | None]], folder: Path) -> int:
    is_good = all(found is not None and found.is_good for _, found in accounts)
    if is_good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        _tell(f"Die Protokolle liegen in {folder}.")
    # The worst one last: whoever reads one line reads that; a run that did not take place is the worst.
    for summary, found in sorted(
        accounts, key=lambda pair: pair[1].doubled + pair[1].lost if pair[1] else float("inf")
    ):
        _tell(summary)
        if found is not None:
            _tell(found.line())
    return 0 if is_good else 1


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # in order: servers that were started are stopped
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also in the background
    sys.exit(main())
