"""The evidence pack as one archive: the document, the files, their checksums, and how to verify them without us."""

import hashlib

from models.documents.archive import Archive, entry_of, plain_name
from models.documents.report import pdf_bytes
from models.files import FileStore
from models.language import day_text, translator
from models.reports.evidence_pack import Pack
from models.reports.evidence_pack_files import FoundFiles
from models.reports.evidence_pack_report import pack_report

SUMS = "SHA256SUMS"


def pack_archive(pack: Pack, found: FoundFiles, store: FileStore) -> Archive:
    """The archive, ready to be sent: its length is known, its files are read while it goes out."""
    _ = translator(pack.language)
    document = _("evidence-pack.pdf"), pdf_bytes(pack_report(pack, found), pack.made_at)
    readme = _("README.txt"), _readme(pack, document[0])
    files = found.intact(pack.files)
    sums = [(hashlib.sha256(content).hexdigest(), name) for name, content in (readme, document)]
    sums += [(proof.sha256, proof.path) for proof in files]
    listed = "".join(f"{digest}  {name}\n" for digest, name in sums).encode()
    return Archive(
        [
            entry_of(*readme),
            entry_of(SUMS, listed),
            entry_of(*document),
            *(found.entry(proof, store) for proof in files),
        ],
        pack.made_at,
    )


def archive_name(pack: Pack) -> str:
    """nachweispaket-leipzig-2026-11-23.zip"""
    _ = translator(pack.language)
    what = plain_name(_("Evidence pack"))
    return f"{what}-{plain_name(pack.city)}-{pack.made_at:%Y-%m-%d}.zip"


def _readme(pack: Pack, document: str) -> bytes:
    """How to verify the pack, on every system, in words for somebody who never did."""
    _ = translator(pack.language)
    day = day_text(pack.made_at.date(), pack.language)
    head = _("Evidence pack of {city} for {network}, as of {day}").format(
        city=pack.city, network=pack.network, day=day
    )
    parts = [
        head,
        "=" * len(head),
        "",
        _(
            "{document} is the table of contents: every commitment with its state, and a register of the evidence."
        ).format(document=document),
        _("The evidence itself lies in the folder {folder}, one folder for each commitment.").format(
            folder=plain_name(_("proofs"))
        ),
        "",
        _("Is every file what it was when the pack was made?"),
        _(
            "{sums} holds a checksum (SHA-256) for every file. Unpack everything first, then, in the unpacked folder:"
        ).format(sums=SUMS),
        "",
        "Linux:    sha256sum -c SHA256SUMS",
        "macOS:    shasum -a 256 -c SHA256SUMS",
        f"Windows:  certutil -hashfile {document} SHA256",
        "",
        _("Linux and macOS compare all files and say OK for each."),
        _(
            "Windows shows the checksum of one file: it must be the same as in the line of {sums} that names this "
            "file. {sums} can be opened with Notepad."
        ).format(sums=SUMS),
        "",
        _("Where a checksum differs, or a file is missing, ask the city for a new pack."),
        "",
    ]
    return "\r\n".join(parts).encode()
