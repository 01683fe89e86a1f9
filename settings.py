"""What belongs to the machine: read from LOTSE_* variables once, and every fault told at once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.reminders.letters import MailSettings

NAMES = (
    "DATABASE_URL", "DATA_DIR", "SMTP_URL", "MAIL_FROM", "BASE_URL", "SECRET_KEY", "SECRET_KEY_FILE", "TIME_ZONE",
    "TRUSTED_HOSTS", "DEMO", "WEB_PROCESSES",
)  # fmt: skip
SECRET_MIN = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
NOWHERE = "fab-city-lotse@localhost.localdomain"  # the sender of mails that only lie in the mail folder


class SettingsError(Exception):
    """The program cannot start like this. `faults` says what is wrong, in German, all of it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class SmtpServer:
    """The city's mail relay. With a user the certificate is checked and nothing goes out unencrypted."""

    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    require_starttls: bool = False
    ca_file: str = ""


@dataclass(frozen=True)
class Settings:
    """A complete set of settings; see docs/operating.md."""

    database_url: str = field(repr=False)
    data_dir: Path
    smtp: SmtpServer | None
    mail_from: str
    base_url: str
    secret_key: str = field(repr=False)
    time_zone: str
    trusted_hosts: tuple[str, ...]
    is_demo: bool

    @property
    def files_dir(self) -> Path:
        """Where uploaded files lie."""
        return self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        """Where mails lie as long as no mail server is set up."""
        return self.data_dir / "mail"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the pages encrypted."""
        return self.base_url.startswith("https://")

    @property
    def dead_links(self) -> bool:
        """Whether mails leave the house with links that only work on this computer."""
        return self.smtp is not None and _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def sends_mail(self) -> bool:
        """Whether e-mail leaves this computer."""
        return self.smtp is not None and not self.is_demo

    @property
    def mail(self) -> MailSettings:
        """What a mail needs to know of this installation."""
        return MailSettings(self.base_url, self.mail_from, self.secret_key)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of this installation."""
        return ZoneInfo(self.time_zone)


def _is_loopback(host: str) -> bool:
    return host in LOOPBACK or host.startswith("127.") or host.endswith(".localhost")


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of these variables. Raises SettingsError with every fault."""
    reader = _Reader(environ)
    reader.look_for_typos()
    reader.check_web_processes()
    is_demo = reader.switch("DEMO")
    data_dir = reader.data_dir()
    smtp = None if is_demo else reader.smtp()
    base_url = reader.base_url()
    settings = Settings(
        database_url=reader.database_url(data_dir),
        data_dir=data_dir,
        smtp=smtp,
        mail_from=reader.mail_from(smtp),
        base_url=base_url,
        secret_key=reader.secret_key(),
        time_zone=reader.time_zone(),
        trusted_hosts=reader.trusted_hosts(base_url),
        is_demo=is_demo,
    )
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


class _Reader:
    """Reads one variable after the other; notes a fault and goes on."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def value(self, name: str, default: str = "") -> str:
        return self.environ.get(f"LOTSE_{name}", "").strip() or default

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append(f"LOTSE_{name}: {sentence}")

    def look_for_typos(self) -> None:
        for name in sorted(self.environ):
            known = name.removeprefix("LOTSE_") in NAMES or name.startswith("LOTSE_TEST_")
            if name.startswith("LOTSE_") and not known:
                self.faults.append(
                    f"{name}: Diese Einstellung gibt es nicht. Ist der Name richtig geschrieben?"
                )

    def switch(self, name: str) -> bool:
        value = self.value(name, "0")
        if value not in ("0", "1"):
            self.fault(name, "Hier steht 1 (ein) oder 0 (aus).")
        return value == "1"

    def check_web_processes(self) -> None:
        """webapp/gunicorn.py uses the number before there are settings."""
        value = self.value("WEB_PROCESSES", "1")
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 100):
            self.fault("WEB_PROCESSES", "Hier steht, wie viele Webprozesse es sein sollen: 1, 2, 3 …")

    def data_dir(self) -> Path:
        folder = Path(self.value("DATA_DIR", "data")).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            reason = error.strerror or "unbekannter Grund"
            self.fault("DATA_DIR", f"Der Datenordner {folder} lässt sich nicht anlegen ({reason}).")
            return folder
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            self.fault("DATA_DIR", f"Im Datenordner {folder} darf das Programm nicht schreiben.")
        return folder

    def database_url(self, data_dir: Path) -> str:
        url = self.value("DATABASE_URL", f"sqlite:///{data_dir / 'lotse.sqlite3'}")
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            self.fault("DATABASE_URL", "Das ist keine Adresse einer Datenbank.")
            return url
        if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
            self.fault(
                "DATABASE_URL", "Eine SQLite-Datenbank braucht eine Datei: sqlite:////pfad/lotse.sqlite3."
            )
        elif parsed.drivername not in ("sqlite", "postgresql+psycopg"):
            kind = parsed.drivername
            wanted = (
                "sqlite:////pfad/lotse.sqlite3 oder postgresql+psycopg://benutzer:kennwort@rechner/datenbank"
            )
            self.fault("DATABASE_URL", f"Die Art „{kind}“ wird nicht unterstützt. Möglich ist {wanted}.")
        return url

    def smtp(self) -> SmtpServer | None:
        url = self.value("SMTP_URL")
        if not url:
            return None
        form = "smtp://benutzer:kennwort@rechner:port (Sonderzeichen im Kennwort prozentkodiert)"
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            self.fault("SMTP_URL", f"Die Adresse ist nicht lesbar. Sie hat die Form {form}.")
            return None
        if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/") or parts.fragment:
            self.fault("SMTP_URL", f"Die Adresse hat die Form {form}, mit smtps:// für durchgehendes TLS.")
            return None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) != bool(password):
            self.fault("SMTP_URL", "Benutzer und Kennwort gehören zusammen: beide angeben oder keines.")
        if set(query) - {"ca"}:
            self.fault("SMTP_URL", "Hinter dem Fragezeichen ist nur ca=/pfad/zum/zertifikat.pem möglich.")
        ca_file = query.get("ca", [""])[-1]
        if ca_file and not os.access(ca_file, os.R_OK):
            self.fault("SMTP_URL", f"Die Zertifikatsdatei {ca_file} ist nicht lesbar.")
        implicit = parts.scheme == "smtps"
        return SmtpServer(
            host=host,
            port=port or (465 if implicit else 587 if user else 25),
            user=user,
            password=password,
            implicit_tls=implicit,
            require_starttls=not implicit and bool(user or ca_file),
            ca_file=ca_file,
        )

    def mail_from(self, smtp: SmtpServer | None) -> str:
        address = self.value("MAIL_FROM")
        if not address and smtp is not None and "@" in smtp.user:
            address = smtp.user  # most relays want their user as the sender
        if not address:
            if smtp is not None:
                self.fault(
                    "MAIL_FROM",
                    "Mit einem Mailserver braucht es die Absenderadresse, z. B. lotse@leipzig.de.",
                )
            return NOWHERE
        if not MAILBOX.fullmatch(address):
            self.fault("MAIL_FROM", "Das ist keine E-Mail-Adresse (nur die Adresse, ohne Namen).")
        return address

    def base_url(self) -> str:
        url = self.value("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or parts.username is not None:
            self.fault(
                "BASE_URL",
                "Hier steht, unter welcher Adresse die Seiten zu öffnen sind: https://lotse.stadt.de.",
            )
        elif parts.path or parts.query or parts.fragment:
            self.fault("BASE_URL", "Das Programm braucht einen eigenen Rechnernamen, ohne Pfad dahinter.")
        return url

    def secret_key(self) -> str:
        key, file = self.value("SECRET_KEY"), self.value("SECRET_KEY_FILE")
        if key and file:
            self.fault("SECRET_KEY", "Bitte nur eines angeben, LOTSE_SECRET_KEY oder LOTSE_SECRET_KEY_FILE.")
        name = "SECRET_KEY_FILE" if file else "SECRET_KEY"
        if file:
            try:
                key = Path(file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                self.fault(name, f"Die Datei {file} ist nicht lesbar.")
                return ""
        if not key:
            self.fault(
                name,
                "Der geheime Schlüssel fehlt. Er wird nicht erfunden, sonst wäre er bei jedem Start anders.",
            )
        elif len(key) < SECRET_MIN:
            self.fault(name, f"Der geheime Schlüssel ist zu kurz: mindestens {SECRET_MIN} zufällige Zeichen.")
        return key

    def time_zone(self) -> str:
        name = self.value("TIME_ZONE", "Europe/Berlin")
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # OSError: a folder of zones
            self.fault(
                "TIME_ZONE", f"Die Zeitzone „{name}“ ist unbekannt. Gemeint ist ein Name wie Europe/Berlin."
            )
            return "Europe/Berlin"
        return name

    def trusted_hosts(self, base_url: str) -> tuple[str, ...]:
        named = tuple(host.strip() for host in self.value("TRUSTED_HOSTS").split(",") if host.strip())
        for host in named:
            if "/" in host or " " in host:
                self.fault(
                    "TRUSTED_HOSTS", f"„{host}“ ist kein Rechnername. Mehrere stehen durch Komma getrennt."
                )
        if named:
            return named
        try:
            host = urlsplit(base_url).hostname or ""
        except ValueError:
            host = ""
        if not _is_loopback(host):
            return (host,)
        return tuple(dict.fromkeys(("127.0.0.1", "localhost", host)))
