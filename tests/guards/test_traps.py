"""Every trap of docs/reminders.md has a test that carries its number, in the files that the table names."""

import re

from tests.services import ROOT

ROW = re.compile(r"^\| (T\d+) \| .+? \| (.+) \|$", re.MULTILINE)


def test_no_document_has_a_gap() -> None:
    assert [path.name for path in ROOT.glob("docs/**/*.md") if "@@" in path.read_text()] == []


def test_every_trap_has_the_tests_that_the_table_names() -> None:
    rows = ROW.findall((ROOT / "docs" / "reminders.md").read_text())
    assert [number for number, _files in rows] == [f"T{n}" for n in range(1, 29)]
    tests = {
        str(path.relative_to(ROOT / "tests")): path.read_text() for path in ROOT.glob("tests/**/test_*.py")
    }
    for number, files in rows:
        named = set(re.findall(r"`([^`]+)`", files))
        carried = {
            name for name, text in tests.items() if re.search(rf"def test_(\w+_)?{number.lower()}_", text)
        }
        assert carried, number
        assert named == carried, (number, carried ^ named)
