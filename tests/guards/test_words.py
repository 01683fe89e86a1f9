"""Every msgid has a German translation that keeps its placeholders; nothing in the catalogue is unused."""

import ast
import re
from pathlib import Path

from sqlmodel import SQLModel

from models import tables  # noqa: F401  (fills the registry)
from models.base import Recorded
from tests.guards.msgids import ROOT, catalogue, found
from webapp.history_words import COLUMNS, TABLES


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, tuple | list) else [str(value)]


def test_every_msgid_is_translated() -> None:
    german = catalogue()
    missing = []
    for msgid in found():
        message = german.get(msgid if len(msgid) > 1 else msgid[0])
        if message is None or message.fuzzy or not all(_strings(message.string)):
            missing.append(msgid)
    assert missing == []


def _said_in_code(path: Path) -> set[str]:
    """The msgids of a module, as Python sees them: within an f-string too, where the extractor does not look."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("_", "N_", "L_") and c.args]
    return {c.args[0].value for c in named if isinstance(c.args[0], ast.Constant) and c.args[0].value}


def test_no_msgid_hides_within_an_f_string() -> None:
    known = {msgid[0] for msgid in found()}
    modules = [path for folder in ("models", "webapp", "jobs") for path in (ROOT / folder).rglob("*.py")]
    hidden = {path.name: _said_in_code(path) - known for path in modules}
    assert {name: msgids for name, msgids in hidden.items() if msgids} == {}


def test_no_translation_is_left_over() -> None:
    used = {msgid[0] for msgid in found()}
    assert [m.id for m in catalogue() if m.id and _strings(m.id)[0] not in used] == []


def test_translations_keep_their_placeholders() -> None:
    for message in catalogue():
        wanted = {name for part in _strings(message.id) for name in re.findall(r"\{(\w+)\}", part)}
        for german in _strings(message.string):
            assert set(re.findall(r"\{(\w+)\}", german)) <= wanted, message.id
        assert wanted <= {n for g in _strings(message.string) for n in re.findall(r"\{(\w+)\}", g)}, (
            message.id
        )


# What is not German or English: the program's name, and units.
_SAID_ALIKE = {"Fab", "City", "Lotse", "kB"}
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<!DOCTYPE[^>]*>", re.DOTALL)
_SAID_IN_A_TAG = re.compile(r'(?:title|alt|aria-label|placeholder|value)="([^"]*)"')


def _said(template: str) -> set[str]:
    """The words that a template says by itself, without gettext."""
    bare = _JINJA.sub(" ", template)
    texts = [re.sub(r"<[^>]*>|&#?\w+;", " ", bare), *_SAID_IN_A_TAG.findall(bare)]
    return {word for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)} - _SAID_ALIKE


def test_no_template_says_a_word_without_gettext() -> None:
    templates = sorted((ROOT / "webapp").rglob("templates/**/*.html"))
    assert len(templates) > 40
    said = {path.name: _said(path.read_text(encoding="utf-8")) for path in templates}
    assert {name: words for name, words in said.items() if words} == {}


def test_the_check_of_templates_can_say_no() -> None:
    assert _said('<p class="x">{{ _("Yes") }} Hello</p><img alt="Bild">') == {"Hello", "Bild"}


def test_every_table_with_a_history_has_a_name_on_pages() -> None:
    mappers = SQLModel._sa_registry.mappers  # type: ignore[attr-defined]
    recorded = {m.class_.__tablename__ for m in mappers if issubclass(m.class_, Recorded)}
    assert recorded - set(TABLES) == set()


# What no form changes: keys by which a row hangs on another, what the program notes, what council papers say.
_NEVER_CHANGED = {
    "adopted_as", "application_id", "authoritative", "cancelled", "consultation_id", "held_on", "installation",
    "is_demo", "is_own", "created_at", "organization", "originator", "paper_id", "paper_type", "profile_id", "public",
    "reference", "result", "rule_id", "slug", "starter_key", "subject_id", "submission_id", "then_de", "then_en",
    "topic_de", "topic_en", "under_direction_of", "web", "written_at", "zone", "edition_id",
}  # fmt: skip
# Tables without a page of their history; what happened to them stands on the pages of what they belong to.
_NO_HISTORY_PAGE = {"interaction_file",
    "carry_over", "commitment_proof", "evidence_revision", "import_batch", "submission_attachment",
}  # fmt: skip


def test_every_column_that_can_change_has_a_name_in_the_history() -> None:
    mappers = SQLModel._sa_registry.mappers  # type: ignore[attr-defined]
    shown = [
        m
        for m in mappers
        if issubclass(m.class_, Recorded) and m.class_.audited and m.local_table.name not in _NO_HISTORY_PAGE
    ]
    columns = {c.name for m in shown for c in m.local_table.columns if not c.info.get("unaudited")}
    assert columns - set(COLUMNS) - _NEVER_CHANGED - {"id"} == set()
