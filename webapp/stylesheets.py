"""Which style sheets a page loads, and the version that makes browsers fetch a changed file."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_WANTED = ("vendor/fira-sans.css", "vendor/kern.min.css", "own/lotse.css")


@cache
def version(name: str) -> str:
    """The first letters of a static file's checksum; empty where the file is not there."""
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else ""


def stylesheets() -> list[str]:
    """The sheets that are there: without KERN the program shows itself plainly."""
    return [name for name in _WANTED if (STATIC / name).exists()]
