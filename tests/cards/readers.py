"""A reader of visiting cards that is not ours: khard, an address book with a folder of cards of its own.

It parses with vobject; nothing of ours does.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = """[addressbooks]
[[lotse]]
path = {folder}/cards
[general]
debug = no
"""


def khard(content: bytes, *questions: tuple[str, ...]) -> list[str]:
    """What khard prints about the cards of a file: one answer for each question, like ("show", "Uta"). It complains
    about nothing: no card is left out."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cards").mkdir()
        settings = Path(folder, "khard.conf")
        settings.write_text(SETTINGS.format(folder=folder))
        parts = content.split(b"BEGIN:VCARD\r\n")[1:]
        for number, part in enumerate(parts):
            Path(folder, "cards", f"{number}.vcf").write_bytes(b"BEGIN:VCARD\r\n" + part)
        program = [str(Path(sys.executable).with_name("khard")), "--config", str(settings)]
        surroundings = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder, "LC_ALL": "C.UTF-8"}

        def answer(question: tuple[str, ...]) -> str:
            done = subprocess.run(
                [*program, *question], capture_output=True, text=True, env=surroundings, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout

        return [answer(question) for question in questions]
