"""A whole installation as a new user starts it: ./run, a real mail server, Chromium."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from jobs.migrate import migrate
from models.database import Database
from settings import Settings
from tests import services
from tests.conftest import make_settings
from tests.judge import JudgingClient
from tests.services import MailServer
from webapp import create_app

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
VIEWPORTS = {"desktop": (1280, 900), "phone": (360, 740), "small phone": (320, 640)}


def _or_skip(start: Callable[[], Any]) -> Any:
    try:
        return start()
    except services.ServiceMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _or_skip(services.chromium_path)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=list(CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    """Postfix and Dovecot."""
    with ExitStack() as stack:
        yield _or_skip(lambda: stack.enter_context(services.mail_server()))


@dataclass
class Installation:
    """A running program: its address, its data folder, its commands."""

    data: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    printed: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> str:
        """Start ./run and answer all it printed until the pages can be opened."""
        self.process = subprocess.Popen(
            [str(ROOT / "run"), "--port", str(self.port), "--data", str(self.data), *options],
            env=self.environment, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "Strg+C" in line:
                return printed
        raise AssertionError(f"./run ended: {printed}")

    def stop(self) -> int:
        """Ctrl-C."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        code, self.process = self.process.returncode, None
        return code

    def job(self, *arguments: str, code: int = 0) -> str:
        """python -m jobs …, with what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "jobs", *arguments], cwd=ROOT, text=True, capture_output=True, timeout=120,
            env={
                **self.environment, "LOTSE_DATA_DIR": str(self.data), "LOTSE_BASE_URL": self.address,
                "LOTSE_SECRET_KEY_FILE": str(self.data / "secret.key"),
            },
        )  # fmt: skip
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr


@pytest.fixture
def installation(tmp_path: Path, mail: MailServer) -> Iterator[Installation]:
    """A new installation with a mail server; the test starts it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Where the tests themselves run in the background, ./run would inherit a Ctrl-C that does nothing.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
    environment = {**kept, "LOTSE_SMTP_URL": mail.smtp_url, "LOTSE_MAIL_FROM": "lotse@lotse.example"}
    made = Installation(tmp_path / "data", services.free_port(), environment)
    yield made
    made.stop()


@dataclass
class Visitor:
    """A person at a browser: opens pages, looks at them critically."""

    page: Page
    address: str
    seen: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer is None or answer.status < 500, (self.page.url, self.page.content())
        self.look()
        return self.page

    def look(self) -> None:
        """axe finds nothing, nothing sticks out sideways, nothing was fetched from elsewhere."""
        shape = re.sub(r"\d+|zugang/.*", "N", self.page.url.removeprefix(self.address))
        if shape in self.seen:
            return
        self.seen.add(shape)
        found = Axe().run(self.page)
        assert found.violations_count == 0, (self.page.url, found.generate_report())
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"
        assert not self.foreign, f"{self.page.url} asked elsewhere for {self.foreign}"

    def heard(self, asked: str) -> None:
        """The browser asks for this address."""
        if not asked.startswith((self.address + "/", "data:", "blob:")):
            self.foreign.append(asked)

    def press(self, name: str) -> None:
        """Press a button and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            found = self.page.locator(f"main [name='{name}']")
            if found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Somebody new at a browser of their own."""
    contexts: list[BrowserContext] = []

    def make(address: str, viewport: str = "desktop", scheme: str = "light", script: bool = True) -> Visitor:
        width, height = VIEWPORTS[viewport]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=True,  # type: ignore[arg-type]
        )  # fmt: skip
        contexts.append(context)
        person = Visitor(context.new_page(), address)
        # Listening, not routing: what is routed is fetched anew for every page.
        context.on("request", lambda asked: person.heard(asked.url))
        if not script:
            devtools = context.new_cdp_session(person.page)
            devtools.send("Network.enable")
            devtools.send("Network.setBlockedURLs", {"urls": ["*.js*"]})
        return person

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def demo(empty_database_url: str, tmp_path: Path, now: datetime) -> Iterator[tuple[Flask, Database]]:
    """The demonstration in this process: its rows fill every page."""
    settings = replace(make_settings(empty_database_url, tmp_path), is_demo=True)
    database = Database(empty_database_url)
    migrate(database, settings, now)
    app = create_app(settings, clock=lambda: now, db=database)
    app.test_client_class = JudgingClient
    yield app, database
    database.close()


def _whole(app: Flask) -> Callable[..., list[bytes]]:
    """The application with every answer read to its end first: Werkzeug's small server leaves a static file open when
    the browser has gone to the next page meanwhile. (gunicorn, which serves the product, closes it.)"""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return list(body)
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which a browser finds an application of this process."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def demo_address(demo: tuple[Flask, Database]) -> Iterator[str]:
    """Where a browser finds the demonstration."""
    with served(demo[0]) as address:
        yield address


@dataclass
class Fresh:
    """A new installation of this process: starter data, Anna's account, and a clock that can be set on."""

    settings: Settings
    database: Database
    now: datetime
    address: str = ""


@pytest.fixture
def fresh(settings: Settings, database: Database, now: datetime) -> Iterator[Fresh]:
    """A city that has entered nothing yet."""
    made = Fresh(settings, database, now)
    with served(create_app(settings, clock=lambda: made.now, db=database)) as made.address:
        yield made
