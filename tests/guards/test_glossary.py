"""The glossary names every table, and no table that is gone."""

import re
from pathlib import Path

from sqlmodel import SQLModel

import models.tables  # noqa: F401

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def _rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "German on the pages" and set(row[0]) != {"-"}]


def _named() -> set[str]:
    return {name for row in _rows() for name in re.findall(r"`(\w+)`", row[2])}


def test_every_table_stands_in_the_glossary() -> None:
    assert set(SQLModel.metadata.tables) - _named() == set()


def test_the_glossary_names_no_table_that_is_gone() -> None:
    assert _named() - set(SQLModel.metadata.tables) == set()


def test_every_word_has_all_four_columns() -> None:
    assert [row for row in _rows() if len(row) != 4 or not all(row)] == []
