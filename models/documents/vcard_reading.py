"""Reading visiting cards (vCard 2.1, 3.0, 4.0) as Apple, Google and Outlook write them: bytes in, plain values out."""

from collections.abc import Iterator
from typing import BinaryIO

from models.documents.vcard import ReadCard


def read_cards(source: bytes | BinaryIO) -> Iterator[ReadCard]:
    """Every card of a file, one at a time. A broken card costs only itself; the first answer may be number 0, when
    the file is empty or holds no card at all."""
    raise NotImplementedError
