"""An edition as a file: read with every fault at once, written so that it reads the same again."""

import time
from dataclasses import replace

import pytest

from models.catalogue.reading import FOLDER
from models.commitments.checklist import ItemCertainty, Origin, Timing, Who
from models.commitments.edition_file import FILE_LIMIT, read, write
from models.commitments.edition_text import EditionError, EditionText, ItemText, PhaseText
from models.commitments.phase_circles import first_circle
from models.language import translator
from tests.services import ROOT

STARTER = FOLDER / "editions" / "fab-city-2026.yaml"
STARTER_HASH = "abee6d13a3119ba06a145d05aac2040b6583d6cfa69144436dd0906ee7f337cc"

SMALL = """\
code: liste-1
name: Eine Liste
network: Fab City Network
as_of: 2027-02
source: Handbuch
phases:
  - code: erste
    label_de: Erste
    after: []
  - code: zweite
    label_de: Zweite
    after: [erste]
items:
  - code: lesen          # ein Kommentar
    label_de: "Nein"
    label_en: No
    origin: handbook
    certainty: high
    phase: erste
  - code: tun
    label_de: 2027
    origin: own
    certainty: low
    who: labs
    timing: after
"""


def faults(text: str | bytes, language: str = "de") -> list[str]:
    """What is said about a file that is refused."""
    with pytest.raises(EditionError) as refused:
        read(text if isinstance(text, bytes) else text.encode())
    return [fault.words(translator(language)) for fault in refused.value.faults]


def test_every_value_is_text_as_it_stands_there() -> None:
    edition = read(SMALL.encode()).edition
    assert [item.label_de for item in edition.items] == ["Nein", "2027"]
    assert edition.items[0].label_en == "No"  # not false
    assert edition.as_of == "2027-02"
    assert (edition.items[0].who, edition.items[0].timing) == (Who.CITY, Timing.BEFORE)  # what is left out
    assert edition.items[1].phase == ""
    assert edition.phases[1] == PhaseText("zweite", "Zweite", "", ("erste",))


def odd_edition() -> EditionText:
    """Words that YAML could take for something else."""
    words = [
        "no",
        "~",
        "1e3",
        "# keine Notiz",
        "- ein Strich",
        "a: b",
        "'\"",
        "ä \u2028 é 🏙",
        "{x}",
        "&a",
        "*b",
        "!c",
    ]
    items = [
        ItemText(
            f"i{n}",
            word,
            word,
            Who.ALL,
            word,
            "",
            Origin.MEMBERS,
            ItemCertainty.LOW,
            word,
            "",
            Timing.AFTER,
            "p",
        )
        for n, word in enumerate(words)
    ]
    items = [replace(item, label_de=" ".join(item.label_de.split())) for item in items]
    phases = (PhaseText("p", "Phase: eins", ""), PhaseText("null", "x", "y", ("p",)))
    return EditionText(
        "e", "on", "", "2027", "Zeile\n\n  zwei", "https://example.org", "", phases, tuple(items)
    )


@pytest.mark.parametrize("edition", [read(SMALL.encode()).edition, read(STARTER.read_bytes()).edition])
def test_what_is_written_reads_the_same_again(edition: EditionText) -> None:
    assert read(write(edition).encode()).edition == edition


def test_odd_words_come_back_as_they_were() -> None:
    once = read(write(odd_edition()).encode()).edition
    assert once.items[0].label_de == "no"
    assert once.source == "Zeile\n\n  zwei"
    assert read(write(once).encode()).edition == once
    assert [i.label_de for i in once.items[:7]] == [i.label_de for i in odd_edition().items[:7]]


def test_the_starter_edition_is_what_it_was_and_says_that_it_is_not_the_handbooks_list() -> None:
    found = read(STARTER.read_bytes())
    assert found.edition.content_hash() == STARTER_HASH, "a new list needs a new edition, with another code"
    assert not found.is_changed
    assert (len(found.edition.items), len(found.edition.phases)) == (23, 11)
    assert "nicht die Liste des Handbuchs" in found.edition.source


def test_the_example_in_the_document_can_be_read() -> None:
    document = (ROOT / "docs" / "commitments.md").read_text(encoding="utf-8")
    example = document.split("```yaml\n")[1].split("```")[0]
    edition = read(example.encode()).edition
    assert edition.phases[1].after == ("idea",)
    assert (edition.items[0].code, edition.items[0].phase) == ("talk", "talks")


def test_the_hash_sees_the_items_and_nothing_else() -> None:
    edition = read(SMALL.encode()).edition
    reformatted = SMALL.replace("# ein Kommentar", "").replace("Eine Liste", "Anders genannt") + "\n\n"
    assert read(reformatted.encode()).edition.content_hash() == edition.content_hash()
    reworded = SMALL.replace("2027\n    origin", "2028\n    origin")
    assert read(reworded.encode()).edition.content_hash() != edition.content_hash()
    turned = replace(edition, items=edition.items[::-1])
    assert turned.content_hash() != edition.content_hash()


def test_a_file_changed_after_its_export_is_told_and_taken() -> None:
    exported = write(read(SMALL.encode()).edition)
    assert not read(exported.encode()).is_changed
    changed = read(exported.replace("Nein", "Doch").encode())
    assert changed.is_changed
    assert changed.edition.items[0].label_de == "Doch"
    assert not read(SMALL.encode()).is_changed  # none stated


def test_all_faults_are_told_at_once_with_line_and_key() -> None:
    bad = (
        SMALL.replace("code: tun", "code: lesen")
        .replace("origin: own", "origin: hearsay")
        .replace("phase: erste", "phase: dritte\n    colour: red")
        .replace("source: Handbuch", "source_url: javascript:x")
        .replace("as_of: 2027-02", "as_of: bald")
    )
    said = faults(bad)
    for place, words in (
        ("Zeile 1:", "as_of: „bald“"),
        ("Zeile 1:", "source"),
        ("Zeile 1:", "https://"),
        ("Zeile 14: Zusage „lesen“:", "colour"),
        ("Zeile 14: Zusage „lesen“:", "dritte"),
        ("Zeile 21: Zusage „lesen“:", "Zeile 14"),
        ("Zeile 21: Zusage „lesen“:", "hearsay"),
    ):
        assert any(s.startswith(place) and words in s for s in said), (place, words, said)
    assert any("handbook, network, council, members, own" in s for s in said)
    assert any(s.startswith("Line 21: Item “lesen”") for s in faults(bad, "en"))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", "Zeile 1", "fehlt"),
        ("code: [a", "Zeile", "YAML"),
        ("- a", "Zeile 1", "beginnt mit"),
        ("\x00", "", "YAML"),
        (SMALL + "code: liste-2\n", "Zeile 26", "zweimal"),
        (SMALL.replace("    label_de: Erste\n", "    label_de: Erste\n    label_de: Zweite\n"), "Zeile 9", "zweimal"),
        (SMALL.replace("code: erste", "code: zweite"), "Zeile 10", "Zeile 7"),
        (SMALL.replace("after: []", "after: [zweite]"), "Zeile 7", "erste → zweite → erste"),
        (SMALL.replace("after: [erste]", "after: [zweite]"), "Zeile 10", "zweite → zweite"),
        (SMALL.replace("after: [erste]", "after: [nirgends]"), "Zeile 10", "nirgends"),
        (SMALL.replace('label_de: "Nein"', "label_de: " + "x" * 501), "Zeile 14", "500"),
        (SMALL.replace('    label_de: "Nein"\n', ""), "Zeile 14", "label_de fehlt"),
        (SMALL.replace('label_de: "Nein"', "label_de: [a, b]"), "Zeile 15", "Text"),
        (SMALL.replace('label_de: "Nein"', 'label_de: "\\u0000"'), "Zeile", ""),
        (SMALL.replace("code: tun", "code: Tun!"), "Zeile 20", "kein Schlüssel"),
        (SMALL[: SMALL.index("items:")], "Zeile 1", "keine Zusage"),
        (SMALL.replace("items:", "items: 7\nmore:"), "Zeile", "Liste"),
        (SMALL.replace("code: liste-1", "code: !!python/object:os.system liste"), "Zeile 1", "nicht benutzt"),
        (SMALL + "---\ncode: x\n", "Zeile", "mehr als ein"),
        ("format: 2\n" + SMALL, "", "Format 2"),
        ("[" * 100_000, "Zeile 1", "verschachtelt"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: str, line: str, words: str) -> None:
    said = faults(text)
    assert any(s.startswith(line) and words in s for s in said), said


def test_aliases_cannot_multiply() -> None:
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]" for n in range(12)]
    assert any("Anker" in said for said in faults("\n".join(bomb)))


def test_files_that_are_not_meant_are_refused_quickly() -> None:
    began = time.perf_counter()
    assert any("4 MB" in said for said in faults(b"x" * (FILE_LIMIT + 1)))
    assert any("UTF-8" in said for said in faults(b"code: \xff"))
    assert any("5000" in said for said in faults(SMALL + "  - code: x\n" * 5000))
    assert time.perf_counter() - began < 20


def test_a_circle_of_phases_is_found_wherever_it_begins() -> None:
    assert first_circle({"a": [], "b": ["a"], "c": ["a", "b"], "d": ["b", "c"]}) == []
    assert first_circle({"a": [], "b": ["d", "a"], "c": ["b"], "d": ["c"]}) == ["b", "d", "c", "b"]
    long = {str(n): [str(n - 1)] for n in range(5000)}
    assert first_circle(long) == []
    assert len(first_circle({**long, "-1": ["4999"]})) == 5002
