"""The network's year and a rule on a small phone in the dark, by keyboard alone and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from models.catalogue.invented import PASSWORD
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@pytest.fixture
def mira(demo_address: str, visit: Callable[..., Visitor]) -> Visitor:
    """The case lead of the demonstration, without a script."""
    person = visit(demo_address, "small phone", "dark", script=False)
    person.open("/anmelden")
    person.fill(email="mira@lotse.example", password=PASSWORD)
    person.press("Anmelden")
    return person


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus, and can be seen to have it."""
    named = "(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()"
    for _stop in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(named) == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


def _enter(person: Visitor) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()


def test_a_task_of_the_year_is_set_up_by_keyboard(mira: Visitor) -> None:
    page = mira.open("/erinnerungen")
    _tab_to(page, "Das Netzwerkjahr")
    _enter(mira)
    _tab_to(page, "Einrichten: Dienstreise genehmigen lassen")
    _enter(mira)
    assert (
        page.locator(".said")
        .inner_text()
        .strip()
        .startswith("„Dienstreise genehmigen lassen“ ist eingerichtet")
    )
    _tab_to(page, "Öffnen: Dienstreise genehmigen lassen")
    _enter(mira)
    assert page.locator("h1").inner_text() == "Dienstreise genehmigen lassen"
    mira.open("/erinnerungen/jahr")
    _tab_to(page, "Alle fehlenden einrichten")
    _enter(mira)
    assert page.get_by_role("button", name="Einrichten").count() == 0


def test_a_faulty_rule_is_mended_and_its_mail_looked_at(mira: Visitor) -> None:
    page = mira.open("/erinnerungen/regeln/neu")
    page.locator("[name='to_responsible']").focus()
    page.keyboard.press("Space")
    page.locator("[name='name_de']").evaluate("e => e.closest('details').open = true")
    mira.fill(name_de="Meine Regel", subject_kind="commitment", amount="3", unit="weeks")
    mira.press("Speichern")
    assert "Niemand ist genannt" in page.locator(".error-summary").inner_text()
    _tab_to(page, page.locator(".error-summary a").first.inner_text())
    page.keyboard.press("Enter")
    assert page.input_value("[name='name_de']") == "Meine Regel"
    page.locator("[name='to_lead']").focus()
    page.keyboard.press("Space")
    mira.press("Speichern")
    assert page.locator("h1").inner_text() == "Meine Regel"
    see = page.get_by_role("link", name="E-Mail ansehen").first
    see.focus()
    _enter(mira)
    assert "@" in page.locator(".facts").inner_text()
    assert page.locator(".mail-text").is_visible()
    page.locator("#anlass").focus()
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Anzeigen")
    _enter(mira)


def test_every_page_of_rules_is_readable_on_a_small_phone_in_the_dark(mira: Visitor) -> None:
    for address in (
        "/erinnerungen?bis=alle", "/erinnerungen?person=1&art=commitment", "/erinnerungen/jahr",
        "/erinnerungen/regeln/1", "/erinnerungen/regeln/1/bearbeiten", "/erinnerungen/regeln/1/vorschau",
        "/wiedervorlagen/1", "/wiedervorlagen/1/bearbeiten",
    ):  # fmt: skip
        mira.open(address)
    for folded in mira.open("/erinnerungen/regeln/1/bearbeiten").locator("details").all():
        folded.evaluate("e => e.open = true")
    mira.seen.clear()
    mira.look()
