"""Every msgid has a German translation that keeps its placeholders; nothing in the catalogue is unused."""

import re

from tests.guards.msgids import catalogue, found


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
