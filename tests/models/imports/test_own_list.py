"""How an own list is understood: days, words for states, headings, people, titles that look alike."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from models.commitments.checklist import Commitment, CommitmentState
from models.commitments.own_list import (
    Choices,
    ListRow,
    Meaning,
    guess_columns,
    guess_header,
    guess_meaning,
    guess_state,
    list_rows,
    state_words,
)
from models.commitments.own_list_matches import offers
from models.commitments.own_list_plan import ListPlan, officer_of, phase_of
from models.commitments.sheet_columns import Known
from models.documents.workbook_reading import ErrorCell, Sheet
from models.imports.headings import list_columns
from models.imports.plan import left_from
from models.imports.values import CellFaultError, day_in, member_in, text_in
from models.officers import Officer


@dataclass(frozen=True)
class Stage:
    key: int
    code: str
    label_de: str
    label_en: str = ""


KNOWN = Known(
    [
        Officer(id=1, name="Anna Amt", email="anna@lotse.example"),
        Officer(id=2, name="Ben Büro", email="ben@lotse.example"),
        Officer(id=3, name="Bea Büro", email="bea@lotse.example"),
        Officer(id=4, name="Leo Weg", email="leo@lotse.example", left_on=date(2026, 1, 1)),
    ],
    [Stage(7, "talks", "Gespräche mit dem Netzwerk"), Stage(8, "talks2", "Gespräche in der Stadt")],
)


@pytest.mark.parametrize(
    "written",
    [
        date(2027, 3, 5), datetime(2027, 3, 5, 12), 46451, 46451.5, "5.3.27", "05.03.2027", "2027-03-05", "5/3/2027",
        "bis 5. März 2027", "Fr, 5.3.2027", "5. Mär. 2027", "spätestens am 05.03.27",
        "5 March 2027",
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(written: Any) -> None:
    assert day_in(written) == date(2027, 3, 5)


@pytest.mark.parametrize(
    "written",
    ["Ende März", "31.2.2027", "II/2027", "2027", 2027, "1.1.1800", date(2999, 1, 1), ErrorCell("#N/A")],
)
def test_what_is_no_day_is_said(written: Any) -> None:
    with pytest.raises(CellFaultError):
        day_in(written)


def test_cells_become_text_and_words_of_both_languages() -> None:
    assert [text_in(v, 50) for v in (7, 2.5, True, date(2027, 1, 2), None, " a\n b ")] == [
        "7", "2.5", "ja", "02.01.2027", "", "a b"
    ]  # fmt: skip
    states = {member_in(word, CommitmentState) for word in ("ERFÜLLT ", "fulfilled", "Fulfilled")}
    assert states == {CommitmentState.FULFILLED}
    assert member_in(None, CommitmentState) is None
    with pytest.raises(CellFaultError, match="not known"):
        member_in("so halb", CommitmentState)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("erledigt", CommitmentState.FULFILLED), ("lauft", CommitmentState.IN_PROGRESS),
        ("teilweise", CommitmentState.IN_PROGRESS), ("erledigt (mai)", CommitmentState.FULFILLED),
        ("nicht erledigt", None), ("fast fertig", None), ("noch offen", CommitmentState.OPEN), ("ruht", None),
        ("entfallt", CommitmentState.DROPPED), ("teilweise erledigt", None), ("unerledigt", None),
    ],
)  # fmt: skip
def test_their_words_for_states_are_guessed_or_left_to_a_person(
    word: str, state: CommitmentState | None
) -> None:
    assert guess_state(word) == state


def sheet() -> Sheet:
    head = [None, "Bearbeitungsstand (Ampel)", "Aufgabe", "Zuständigkeit", "Termin"]
    rows: list[tuple[int, list[Any]]] = [
        (1, ["Liste der Stadt Leipzig", None, None, "vertraulich"]), (4, head),
        (5, ["1", "läuft", "Labs kartieren"]), (6, [None, ErrorCell("#REF!"), "Verein gründen", "Amt, Anna"]),
        (9, ["nur eine Zahl"]),
    ]  # fmt: skip
    return Sheet("Liste", rows)


def test_headings_and_columns_are_guessed_and_cells_without_a_meaning_left_out() -> None:
    found = sheet()
    assert guess_header(found) == 4
    columns = list_columns(found, 4)
    assert [(c.index, c.heading, c.samples) for c in columns][:2] == [
        (0, "", ("1", "nur eine Zahl")), (1, "Bearbeitungsstand (Ampel)", ("läuft", "#REF!"))
    ]  # fmt: skip
    guessed = guess_columns(columns)
    assert guessed == {Meaning.STATE: 1, Meaning.TITLE: 2, Meaning.RESPONSIBLE: 3, Meaning.DUE: 4}
    rows = list_rows(found, Choices(header=4, columns=guessed))
    assert [(row.number, row.title) for row in rows] == [(5, "Labs kartieren"), (6, "Verein gründen")]
    assert state_words(rows) == {"lauft": "läuft"}
    assert guess_meaning("Kostenstelle") is None


def test_a_list_without_known_headings_or_rows_breaks_nothing() -> None:
    assert guess_header(Sheet("leer", [])) == 0
    assert list_columns(Sheet("leer", []), 0) == []
    assert guess_header(Sheet("x", [(3, [1, 2]), (4, ["a", "b"])])) == 4


def test_people_and_phases_are_found_only_where_it_is_clear_who_is_meant() -> None:
    words = ("Ben Büro", "Amt, Anna", "Frau Amt", "anna@lotse.example", "Büro", "Amt 80", "Leo Weg", "")
    assert [officer_of(word, KNOWN) for word in words] == [2, 1, 1, 1, None, None, None, None]
    assert [phase_of(word, KNOWN) for word in ("talks", "Gespräche", "gespräche mit", "?")] == [
        7,
        None,
        7,
        None,
    ]


def test_no_item_is_proposed_twice_and_the_likeliest_row_has_it() -> None:
    ours = ("Ökosystem kartiert: Labs, Hersteller, Werkstätten", "Rat und Fachausschuss informiert")
    theirs = (
        "Labs kartieren", "Ökosystem kartiert: Labs, Hersteller", "Informationsvorlage Rat Fachausschuss", "Kuchen"
    )  # fmt: skip
    items = [Commitment(id=n, position=n, label_de=text) for n, text in enumerate(ours, start=1)]
    rows = [ListRow(n, {Meaning.TITLE: text}) for n, text in enumerate(theirs)]
    assert [offer.proposed for offer in offers(rows, items)] == [None, 1, 2, None]
    many = [*items, *(Commitment(id=n, position=n, label_de=f"Punkt {n}") for n in range(3, 400))]
    [offer] = offers([rows[1]], many)
    assert (offer.proposed, len(offer.items)) == (1, 1)


def test_a_row_whose_item_was_deleted_or_that_is_taken_twice_is_at_fault() -> None:
    choices = Choices(targets={1: "5", 2: "9", 3: "5", 4: "skip"})
    item = Commitment(id=5, edition_id=1, code="a", label_de="A", note="alt")
    plan = ListPlan(choices, {5: item}, KNOWN, "x.xlsx", {5: {"brief"}})
    rows = [
        ListRow(n, {Meaning.TITLE: "B", Meaning.NOTE: "alt", Meaning.PROOF: "Brief"}) for n in (1, 2, 3, 4)
    ]
    planned = plan.planned(rows)
    assert [(row.number, bool(row.faults)) for row in planned] == [(1, True), (2, True), (3, True)]
    assert planned[0].after == {}  # the note and the proof are there already
    assert planned[0].attached == {}


def test_what_was_left_is_read_as_it_was_stored() -> None:
    stored = [{"row": 3, "title": "A", "text": "x {n}", "values": {"n": 4}, "columns": ["state"]}]
    assert [left.stored() for left in left_from(stored)] == stored
