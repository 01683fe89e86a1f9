"""The evidence pack: what will be in it, and the archive itself."""

from typing import Any

from flask import Response, current_app, request

from models.commitments.editions import the_edition
from models.commitments.proofs import progress_of
from models.evidence.evidence import EvidenceKind
from models.files import FileStore
from models.language import translator
from models.reports.evidence_pack_archive import archive_name, pack_archive
from models.reports.evidence_pack_files import look_at, size_text
from models.reports.evidence_pack_reading import read_pack
from webapp.clock import now
from webapp.database import city, close_session, db, today
from webapp.pages import page
from webapp.reports.views import room, wanted_language
from webapp.words import language


def file_store() -> FileStore:
    """Where uploaded files lie."""
    return FileStore(current_app.extensions["lotse_settings"].files_dir)


@room.get("/zusagen/nachweispaket")
def show_pack() -> Any:
    """How much is in the pack and what is missing: every file is looked at now, as it is before it is sent."""
    pack = read_pack(db(), city(), language(), now(), today(), with_old=True)
    found = look_at(file_store(), pack.files)
    current = [proof for proof in pack.proofs if proof.is_current]
    files = [proof for proof in current if proof.is_file]
    old_files = [proof for proof in pack.files if not proof.is_current]

    def size(some: Any) -> str:
        return size_text(found.size(some), language(), translator(language()))

    return page(
        "reports/pack.html",
        pack=pack,
        progress=progress_of(db(), the_edition(db()), today()),
        titles={item.number: item.title for item in pack.items},
        packed=found.intact(files),
        packed_size=size(files),
        links=sum(proof.kind is EvidenceKind.LINK for proof in current),
        notes=sum(proof.kind is EvidenceKind.NOTE for proof in current),
        old=found.intact(old_files),
        old_size=size(old_files),
        damaged=[(proof, found.state(proof)) for proof in found.damaged(pack.files)],
    )


@room.get("/zusagen/nachweispaket.zip")
def download_pack() -> Any:
    """The archive. The database is let go before the first byte: who downloads slowly holds nothing but a file."""
    with_old = request.args.get("fassungen") == "alle"
    pack = read_pack(db(), city(), wanted_language(), now(), today(), with_old=with_old)
    close_session()
    store = file_store()
    archive = pack_archive(pack, look_at(store, pack.files), store)
    response = Response(archive.chunks(), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=archive_name(pack))
    response.content_length = archive.length
    return response
