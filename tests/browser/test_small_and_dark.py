"""On the narrowest phone and in the dark: axe finds nothing and nothing sticks out; and all of it by keyboard."""

from collections.abc import Callable

import pytest

from models.catalogue.invented import PASSWORD
from tests.browser.conftest import Visitor

PAGES = (
    "/", "/worum-geht-es", "/beitritt", "/beitritt/phasen/4", "/rat/vorlagen/1", "/zusagen", "/zusagen/1",
    "/zusagen/1/bearbeiten", "/zusagen/1/verlauf", "/staedte", "/staedte/1", "/staedte/1/loeschen", "/kontakte",
    "/kontakte/1", "/organisationen", "/konferenzen", "/konferenzen/1", "/konferenzen/neu", "/erinnerungen",
    "/erinnerungen/1", "/erinnerungen/regeln/1", "/erinnerungen/regeln/neu", "/erinnerungen/testmail",
    "/erinnerungen/jahr", "/erinnerungen/texte",
    "/erinnerungen/texte/reminder/bearbeiten", "/konferenzen/23/schaffen-wir-das", "/nachrichten",
    "/nachrichten/4", "/nachrichten/nicht-versandt", "/nachrichten/zustaende", "/wiedervorlagen", "/mehr",
    "/kolleginnen", "/kolleginnen/1", "/kolleginnen/1/abwesenheit", "/meine-e-mails", "/mehr/stadt",
    "/kontakte?suche=xyzxyz", "/nirgends", "/datenschutz", "/datenschutz/informationsschreiben",
    "/datenschutz/loeschpruefung", "/datenschutz/verzeichnis",
)  # fmt: skip
on_sqlite = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@pytest.fixture
def mira(demo_address: str, visit: Callable[..., Visitor]) -> Visitor:
    """The case lead of the demonstration on a small phone at night."""
    person = visit(demo_address, "small phone", "dark")
    person.open("/anmelden")
    person.fill(email="mira@lotse.example", password=PASSWORD)
    person.press("Anmelden")
    return person


@on_sqlite
def test_every_main_page_is_readable_on_a_small_phone_in_the_dark(mira: Visitor) -> None:
    for address in PAGES:
        mira.open(address)
    mira.open("/kontakte/neu")
    mira.press("Speichern")
    assert mira.page.locator(".error-summary").is_visible()


@on_sqlite
def test_the_keyboard_is_enough(mira: Visitor) -> None:
    page = mira.open("/")
    focused = "document.activeElement.innerText"

    # The first stop skips the head; it can be seen as soon as it has the focus.
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Zum Inhalt springen"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"

    # The menu opens and leads on.
    page.locator(".menu__fold summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu__fold li a").first.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Beitritt"
    page.keyboard.press("Enter")
    page.wait_for_url("**/beitritt")

    # Every stop of a page has a visible outline.
    for _stop in range(25):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")

    # A form with faults: the summary has the focus, its first link leads to the field.
    mira.open("/kontakte/neu")
    mira.press("Speichern")
    assert page.evaluate("document.activeElement.className").endswith("error-summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "family_name"
