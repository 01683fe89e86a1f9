"""Where mails lie as long as no mail server is set up: a folder of .eml files."""

import os
import tempfile
from email.parser import BytesHeaderParser
from pathlib import Path

from jobs.outcome import Kind, Outcome, ServerFault
from models.documents.mail import mail_file_name


class MailFolder:
    """Files mails; nothing leaves this computer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> "MailFolder":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Put the mail down under its Message-ID, readable for this program alone."""
        name = mail_file_name(str(BytesHeaderParser().parsebytes(data)["Message-ID"] or ""))
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=self.folder)  # 0600
            try:
                with os.fdopen(handle, "wb") as target:
                    target.write(data)
                Path(temporary).replace(self.folder / name)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            raise ServerFault(f"{self.folder}: {error.strerror}") from error
        return Outcome(Kind.FILED)
