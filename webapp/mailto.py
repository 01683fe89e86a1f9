"""Links that open the officer's own mail program with a prepared mail. The program itself sends nothing by them."""

from urllib.parse import quote

# What mail programs take from a link: Windows hands over about 2,000 characters.
LONGEST = 1_900


def mailto(address: str, subject: str, body: str = "") -> str:
    """The link (RFC 6068); a text that is too long for one is left out, and is to be copied."""
    head = f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"
    whole = f"{head}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}" if body else head
    return whole if len(whole) <= LONGEST else head


def fits(address: str, subject: str, body: str) -> bool:
    """Whether the whole text travels in the link."""
    return "&body=" in mailto(address, subject, body)
