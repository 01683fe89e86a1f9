"""What became of one mail: what the relay and the mail folder answer alike."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Kind(Enum):
    """How handing a mail over ended."""

    DELIVERED = "delivered"  # the server said 250
    FILED = "filed"  # it lies in the mail folder
    REFUSED = "refused"  # 5xx to the recipient
    CONTENT = "content"  # 5xx to the mail itself
    TEMPORARY = "temporary"  # 4xx
    DROPPED = "dropped"  # the connection ended before DATA was accepted
    NO_ANSWER = "no_answer"  # it ended after that: the mail may have arrived


@dataclass(frozen=True)
class Outcome:
    """`reply` is the server's, for officers to read; it may hold the recipient's address."""

    kind: Kind
    reply: str = ""
    is_unknown: bool = False  # 5.1.1: there is no such mailbox


class ServerFault(Exception):
    """The server's fault before a mail began: nothing was tried, the mails stay."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class Carrier(Protocol):
    """Hands mails over, one at a time."""

    def __enter__(self) -> "Carrier": ...

    def __exit__(self, *_: object) -> None: ...

    def send(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one mail over. Raises ServerFault if nothing was tried."""
        ...
