"""`./test --bench [NAME …]`: runs every bench_*.py of this folder (or those named) and prints goals and ratios.

A bench has `run() -> list[Goal]`. It measures ratios of one run, so that another machine comes to the same judgement,
and goes through the product's own path. Nothing here is a test: speed is read, not asserted.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

from tests.bench.goals import Goal, closing_line, table
from tests.services import ServiceMissing


def names(wanted: list[str]) -> list[str]:
    """The benches to run. Raises SystemExit for a name that does not exist."""
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    if unknown := set(wanted) - set(known):
        sys.exit(f"Diese Messung gibt es nicht: {', '.join(sorted(unknown))}. Es gibt: {', '.join(known)}")
    return wanted or known


def main() -> int:
    goals: list[Goal] = []
    for name in names(sys.argv[1:]):
        print(f"── {name} …", flush=True)
        began = time.perf_counter()
        try:
            goals += import_module(f"tests.bench.bench_{name}").run()
        except ServiceMissing as missing:
            goals.append(Goal(name, "gemessen", "nicht gemessen", False, str(missing)))
        print(f"   {time.perf_counter() - began:.0f} s", flush=True)
    print(f"\n{table(goals)}\n")
    print(closing_line(goals))
    return 0 if all(goal.is_met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
