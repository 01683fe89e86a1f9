"""The contents of the evidence pack as a document: items, register of proofs, hashes, principles, what is missing."""

from collections.abc import Collection
from datetime import date

from models.documents.report import (
    Block,
    Column,
    Facts,
    Heading,
    Link,
    Note,
    Paragraph,
    Report,
    Table,
    Value,
)
from models.evidence.evidence import EvidenceKind, FileState
from models.language import day_text, translator
from models.reports.evidence_pack import Pack, PackItem, PackProof
from models.reports.evidence_pack_files import FoundFiles, size_text


def pack_report(pack: Pack, found: FoundFiles) -> Report:
    """The document; `found` says which files are in the pack."""
    _, made_on = translator(pack.language), pack.made_at.date()
    return Report(
        title=_("Evidence pack"),
        subtitle=f"{pack.city} – {pack.network}",
        language=pack.language,
        author=pack.city,
        letterhead=(pack.city, pack.unit),
        facts=(
            (_("As of"), day_text(made_on, pack.language)),
            (_("List of commitments"), pack.edition),
            (_("File number"), pack.file_number),
            (_("Electronic file"), Link(pack.record_url, pack.record_url) if pack.record_url else ""),
        ),
        blocks=(
            *_summary(pack, found),
            *_items(pack, found),
            *_register(pack, found),
            *_hashes(pack, found),
            *_principles(pack),
        ),
        footer=_("Evidence pack, {city}, {day}").format(city=pack.city, day=day_text(made_on, pack.language)),
    )


def _summary(pack: Pack, found: FoundFiles) -> list[Block]:
    _ = translator(pack.language)
    sentence = _("{handled} of {total} handled, {proven} fulfilled with proof")
    progress, packed = pack.progress, found.intact(pack.files)
    blocks: list[Block] = [
        Facts(
            (
                (
                    _("Commitments"),
                    sentence.format(handled=progress.handled, total=progress.total, proven=progress.proven),
                ),
                (
                    _("Files in the pack"),
                    f"{len(packed)} ({size_text(found.size(packed), pack.language, _)})",
                ),
                (
                    _("How to verify it"),
                    _("SHA256SUMS lists every file with its checksum; README.txt says how to compare."),
                ),
            )
        )
    ]
    if damaged := found.damaged(pack.files):
        names = "\n".join(
            f"{proof.number} {_name(proof, pack)}: {_(found.state(proof).label)}" for proof in damaged
        )
        blocks.insert(
            0,
            Note(
                _("These files are in the register, but not in the pack:") + f"\n{names}",
                _("Files are missing"),
            ),
        )
    return blocks


def _name(proof: PackProof, pack: Pack) -> str:
    _ = translator(pack.language)
    return _("{name} (revision {n})").format(name=proof.name, n=proof.revision)


def _day(day: date | None, pack: Pack) -> str:
    return day_text(day, pack.language) if day else "–"


def _items(pack: Pack, found: FoundFiles) -> list[Block]:
    _ = translator(pack.language)
    missing = {proof.number for proof in found.damaged(pack.files) if proof.is_current}
    columns = (
        Column(_("No."), 0.45, is_number=True),
        Column(_("Commitment"), 3.3),
        Column(_("State"), 1.2),
        Column(_("Who"), 1.5),
        Column(_("Due on"), 1.1),
        Column(_("Proof"), 1.2),
    )
    blocks: list[Block] = [Heading(_("Commitments"))]
    for phase, items in pack.phases:
        rows = tuple(_item_row(item, pack, missing) for item in items)
        blocks += [Heading(phase or _("Without a phase"), 2), Table(columns, rows)]
    return blocks


def _item_row(item: PackItem, pack: Pack, missing: Collection[str]) -> tuple[Value, ...]:
    _ = translator(pack.language)
    lines = [item.title, _("Origin: {origin}").format(origin=item.origin)]
    if item.file_number:
        lines.append(_("File number") + f": {item.file_number}")
    absent = _("not in the pack")
    proof = ", ".join(f"{n} ({absent})" if n in missing else n for n in item.proofs)
    return (
        str(item.number),
        "\n".join(lines),
        item.state,
        item.who,
        _day(item.due_on, pack),
        f"{item.proof}\n{proof}" if proof else item.proof,
    )


def _register(pack: Pack, found: FoundFiles) -> list[Block]:
    _ = translator(pack.language)
    columns = (
        Column(_("No."), 0.5),
        Column(_("Evidence"), 2.6),
        Column(_("Revision"), 2.1),
        Column(_("Where it is"), 2.8),
        Column(_("Size"), 0.9, is_number=True),
    )
    rows = tuple(_register_row(proof, pack, found) for proof in pack.proofs)
    empty = _("No evidence is stored yet.")
    return [Heading(_("Register of the evidence")), Table(columns, rows, empty=empty)]


def _register_row(proof: PackProof, pack: Pack, found: FoundFiles) -> tuple[Value, ...]:
    _ = translator(pack.language)
    name = [proof.name, _("proves item {n}").format(n=", ".join(map(str, proof.items)))]
    if proof.file_number:
        name.append(_("File number") + f": {proof.file_number}")
    days = (
        (_("dated {day}"), proof.dated_on),
        (_("valid until {day}"), proof.valid_until),
        (_("added on {day}"), proof.added_on),
        (_("replaced on {day}"), proof.replaced_on),
    )
    revision = [
        _("Revision {n}").format(n=proof.revision),
        *(said.format(day=day_text(day, pack.language)) for said, day in days if day),
    ]
    is_packed = proof.is_file and found.state(proof) is FileState.INTACT
    size = size_text(proof.size, pack.language, _) if is_packed else ""
    return proof.number, "\n".join(name), "\n".join(revision), _where(proof, pack, found), size


def _where(proof: PackProof, pack: Pack, found: FoundFiles) -> Value:
    _ = translator(pack.language)
    if proof.kind is EvidenceKind.LINK:
        return Link(proof.where, proof.where)
    if proof.kind is EvidenceKind.NOTE:
        return proof.where
    state = found.state(proof)
    return proof.path if state is FileState.INTACT else _("not in the pack: {why}").format(why=_(state.label))


def _hashes(pack: Pack, found: FoundFiles) -> list[Block]:
    _ = translator(pack.language)
    if not pack.files:
        return []
    columns = Column(_("No."), 0.5), Column(_("Revision"), 0.9), Column("SHA-256", 6)
    rows = tuple((proof.number, str(proof.revision), proof.sha256) for proof in pack.files)
    said = _(
        "The checksum that was stored when the file was added. The same file always has the same checksum; "
        "changing one letter changes it."
    )
    return [Heading(_("Checksums"), 2), Paragraph(said), Table(columns, rows)]


def _principles(pack: Pack) -> list[Block]:
    _ = translator(pack.language)
    blocks: list[Block] = [Heading(_("The ten principles"))]
    for row in pack.principles:
        statement = row.statement or _("The city has not written its statement yet.")
        blocks += [
            Heading(f"{row.number}. {row.title}", 2),
            Facts(
                (
                    (_("State"), row.state),
                    (_("The city’s statement"), statement),
                    (_("What is missing"), row.gap),
                )
            ),
        ]
    return blocks
