"""Several senders at once: python -m tests.crash.workers 4 run send-reminders

Each is a process of its own that does what `python -m jobs` does; they are forked after the imports, before anything is
opened, because four starts of Python would cost more than everything that is tested here.
"""

import os
import sys

from jobs.__main__ import main


def _work(arguments: list[str]) -> int:
    try:
        return main(arguments, os.environ)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def lead(count: int, arguments: list[str]) -> int:
    """Ends with the last of them; the worst of their exit codes."""
    for _ in range(count):
        if os.fork() == 0:
            os._exit(_work(arguments))
    return max(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(count))


if __name__ == "__main__":
    sys.exit(lead(int(sys.argv[1]), sys.argv[2:]))
