"""Breaks off what takes too long: one thread for a whole batch, since one for each mail costs more than claiming it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOKS_A_SECOND = 1.0


class Watchdog:
    """Calls `cut` when a turn lasts longer than `limit` seconds. Runs from `start` to `stop`; it notices within a
    second, or a quarter of the limit."""

    def __init__(self, limit: float, cut: Callable[[], None]) -> None:
        self.limit, self.cut = limit, cut
        self._until: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """From now on turns are watched."""
        self._thread.start()

    def stop(self) -> None:
        """No turn is watched any more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """What happens in here is broken off when it takes too long."""
        self._until = time.monotonic() + self.limit
        try:
            yield
        finally:
            self._until = None

    def _watch(self) -> None:
        while not self._ended.wait(min(_LOOKS_A_SECOND, self.limit / 4)):
            until = self._until
            if until is not None and time.monotonic() > until:
                self._until = None
                self.cut()
