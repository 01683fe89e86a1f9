"""The real programs that tests speak to: PostgreSQL, Postfix with Dovecot, Chromium, Java, Node, calendar readers.

Each is started on free ports of this computer in a folder of its own and stopped by the process that was started;
what is installed system-wide is neither used nor changed. ./test installs the programs on Debian.
`python tests/services.py` prints which of them are here, and fails when one is missing and CI=true.
"""

import imaplib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
DEBIAN_PYTHON = "/usr/bin/python3"  # has the binding of libical, which PyPI does not
VNU_JAR = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
IS_ROOT = os.geteuid() == 0
AS_POSTGRES = (
    {"user": "postgres", "group": "postgres", "extra_groups": []} if IS_ROOT else {}
)  # it refuses root

MAIL_DOMAIN = "lotse.example"
MAIL_PASSWORD = "geheim"


class ServiceMissing(RuntimeError):
    """A program is not installed, or cannot be started by this user."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- PostgreSQL ---


@contextmanager
def postgresql() -> Iterator[str]:
    """A throw-away cluster, sorted by ICU's German rules; yields the address of a superuser's database."""
    with _cluster() as cluster:
        quick = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=127.0.0.1"]
        options = [part for setting in quick for part in ("-c", setting)]
        folder, port = cluster.folder, str(cluster.port)
        server = [cluster.program("postgres"), "-D", f"{folder}/data", "-p", port, "-k", folder, *options]
        with running(server, folder, signal.SIGINT, **AS_POSTGRES) as is_alive:
            ready = [cluster.program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", port]
            wait_until(lambda: succeeds(ready), is_alive, folder)
            yield cluster.url


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL that keeps what it confirmed, and can be crashed."""

    folder: str
    port: int
    bin: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://app@127.0.0.1:{self.port}/postgres"

    def program(self, name: str) -> str:
        return str(self.bin / name)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._control("start", "-o", options, "-l", f"{self.folder}/postgresql.log")

    def stop(self, mode: str) -> None:
        """`immediate` is a crash: nothing is written down, every client loses its connection."""
        self._control("stop", "-m", mode)

    def try_to_stop(self) -> bool:
        """False while it cannot be stopped yet, because somebody interrupted its start."""
        try:
            self.stop("fast")
        except RuntimeError:
            return False
        return True

    def _control(self, act: str, *options: str) -> None:
        command = [self.program("pg_ctl"), "-D", f"{self.folder}/data", "-w", "-s", act, *options]
        run_quietly(command, cwd=self.folder, stdin=subprocess.DEVNULL, **AS_POSTGRES)


@contextmanager
def durable_postgresql() -> Iterator[Cluster]:
    """A running throw-away cluster with PostgreSQL's own settings: fsync on."""
    with _cluster() as cluster:
        try:
            cluster.start()
            yield cluster
        finally:
            wait_until(cluster.try_to_stop, lambda: True, cluster.folder)


@contextmanager
def _cluster() -> Iterator[Cluster]:
    initdb = program("initdb", "/usr/lib/postgresql/*/bin/initdb")
    with service_folder("postgresql") as folder:
        if IS_ROOT:
            shutil.chown(folder, "postgres", "postgres")
        locale = ["-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de-DE"]
        command = [initdb, "-D", f"{folder}/data", "-A", "trust", "-U", "app", "--no-sync", *locale]
        run_quietly(command, cwd=folder, **AS_POSTGRES)
        yield Cluster(folder, free_port(), Path(initdb).parent)


# --- mail: Postfix takes it, Dovecot keeps it and hands it out over IMAP ---


@dataclass(frozen=True)
class MailServer:
    """Takes mail for every address at lotse.example but nobody-*, refuses every other domain, sends nothing out."""

    smtp_url: str  # no TLS, no sign-in
    submission_url: (
        str  # STARTTLS and sign-in required; certificate: ca_file, valid for 127.0.0.1 and localhost
    )
    imap_host: str
    imap_port: int
    ca_file: str
    log_folder: str

    def messages(self, address: str) -> list[bytes]:
        """All mails of one mailbox, oldest first, as they would reach a mail program."""
        with imaplib.IMAP4(self.imap_host, self.imap_port, timeout=10) as mailbox:
            mailbox.login(address, MAIL_PASSWORD)
            mailbox.select("INBOX", readonly=True)
            numbers = mailbox.search(None, "ALL")[1][0].split()
            parts = [mailbox.fetch(number.decode(), "(RFC822)")[1][0] for number in numbers]
            return [part[1] for part in parts if isinstance(part, tuple)]

    def wait_for(self, address: str, count: int, timeout: float = 15) -> list[bytes]:
        """The mailbox as soon as it holds at least so many mails; whatever is there when time is up."""
        until = time.monotonic() + timeout
        while len(found := self.messages(address)) < count and time.monotonic() < until:
            time.sleep(0.1)
        return found


@contextmanager
def mail_server() -> Iterator[MailServer]:
    if not IS_ROOT:
        raise ServiceMissing("Postfix und Dovecot startet nur root")
    postfix, master = (
        program("postfix", "/usr/sbin/postfix"),
        program("master", "/usr/lib/postfix/sbin/master"),
    )
    dovecot = program("dovecot", "/usr/sbin/dovecot")
    program("lmtp", "/usr/lib/dovecot/lmtp")
    with service_folder("mail") as folder:
        smtp, submission, imap = free_port(), free_port(), free_port()
        certificate = write_certificate(folder)
        Path(folder, "dovecot.conf").write_text(dovecot_settings(folder, imap))
        write_postfix_settings(folder, smtp, submission)
        run_quietly([postfix, "-c", f"{folder}/postfix", "check"], cwd=folder)
        with (
            running([dovecot, "-F", "-c", f"{folder}/dovecot.conf"], folder, signal.SIGTERM) as dovecot_lives,
            running([master, "-c", f"{folder}/postfix", "-d"], folder, signal.SIGTERM) as postfix_lives,
        ):
            wait_until(lambda: greets(imap, b"* OK"), dovecot_lives, folder)
            wait_until(lambda: greets(smtp, b"220 "), postfix_lives, folder)
            wait_until(lambda: greets(submission, b"220 "), postfix_lives, folder)
            signed_in = f"lotse:{quote(MAIL_PASSWORD)}@127.0.0.1:{submission}"
            yield MailServer(
                f"smtp://127.0.0.1:{smtp}", f"smtp://{signed_in}", "127.0.0.1", imap, certificate, folder
            )


def write_certificate(folder: str) -> str:
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    ask = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    run_quietly([*ask, *files, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", names], cwd=folder)
    return f"{folder}/certificate.pem"


def dovecot_settings(folder: str, imap: int) -> str:
    """Any address is a mailbox with the one password; mail arrives by LMTP."""
    for name in ("mail", "run"):
        Path(folder, name).mkdir()
    shutil.chown(f"{folder}/mail", "nobody", "nogroup")
    return f"""
base_dir = {folder}/run
state_dir = {folder}/run
instance_name = lotse-{imap}
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={MAIL_PASSWORD}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%Ln allow_all_users=yes
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  unix_listener {folder}/lmtp {{
    mode = 0666
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def write_postfix_settings(folder: str, smtp: int, submission: int) -> None:
    settings, data = Path(folder, "postfix"), Path(folder, "postfix-data")
    for path in (settings, data, Path(folder, "queue")):
        path.mkdir(mode=0o755)
    shutil.chown(data, "postfix")
    Path(settings, "mailboxes").write_text(f"if !/^nobody-/\n/^[^@]+@{re.escape(MAIL_DOMAIN)}$/ OK\nendif\n")
    Path(settings, "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {data}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mail.{MAIL_DOMAIN}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
local_transport = error:5.1.1 no local mailboxes
default_transport = error:5.7.1 nothing leaves this computer
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
in_flow_delay = 0
virtual_mailbox_domains = {MAIL_DOMAIN}
virtual_mailbox_maps = regexp:{settings}/mailboxes
virtual_transport = lmtp:unix:{folder}/lmtp
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_cert_file = {folder}/certificate.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/auth
""")
    secured = "smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes"
    signed_in = "-o smtpd_recipient_restrictions=reject_unauth_destination,permit_sasl_authenticated,reject"
    lines = [
        f"127.0.0.1:{smtp} inet n - n - - smtpd",
        f"127.0.0.1:{submission} inet n - n - - {secured} {signed_in}",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "proxymap unix - - n - - proxymap",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "postlog unix-dgram n - n - 1 postlogd",
        *(f"{name} unix - - n - 0 bounce" for name in ("bounce", "defer", "trace")),
    ]
    Path(settings, "master.cf").write_text("\n".join(lines) + "\n")


# --- programs that are only called ---


def chromium_path() -> str:
    return program("chromium", "/usr/bin/chromium")


def versions() -> dict[str, str | None]:
    """Name and version of each real part, None for what is missing: the closing line of ./test."""
    found = {
        "PostgreSQL": version_of("/usr/lib/postgresql/*/bin/postgres", "--version"),
        "Chromium": version_of("chromium", "--version"),
        "Postfix": version_of("/usr/sbin/postconf", "-d", "mail_version"),
        "Dovecot": version_of("/usr/sbin/dovecot", "--version")
        if Path("/usr/lib/dovecot/lmtp").exists()
        else None,
        "Java": version_of("java", "-version"),
        "Node": version_of("node", "--version"),
    }
    return found | {name: npm_version(name) for name in ("vnu-jar", "axe-core")} | calendar_readers()


@cache
def calendar_readers() -> dict[str, str | None]:
    """Programs of others that read our calendar files."""
    libical = version_of(DEBIAN_PYTHON, str(ROOT / "tests" / "calendars" / "read_libical.py"), "--version")
    khal = version_of(str(Path(sys.executable).with_name("khal")), "--version")
    icaljs = npm_version("ical.js") if shutil.which("node") else None
    return {"ical.js": icaljs, "libical": libical, "khal": khal}


def version_of(name: str, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            [program(name, name), *arguments], capture_output=True, text=True, timeout=60, check=True
        )
    except (ServiceMissing, OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\d+(\.\d+)+", answer.stdout + answer.stderr)
    return number.group() if number else None


def npm_version(name: str) -> str | None:
    described = NODE_MODULES / name / "package.json"
    return str(json.loads(described.read_text())["version"]) if described.exists() else None


# --- how they are started and stopped ---


def program(name: str, pattern: str) -> str:
    """The newest program that fits the pattern, or the one of that name in the path."""
    if pattern.startswith("/"):
        fitting = sorted(
            Path("/").glob(pattern[1:]), key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))]
        )
        if fitting:
            return str(fitting[-1])
    if found := shutil.which(name):
        return found
    raise ServiceMissing(f"{name} ist nicht installiert")


@contextmanager
def service_folder(name: str) -> Iterator[str]:
    folder = tempfile.mkdtemp(
        prefix=f"lotse-{name}-", dir="/tmp"
    )  # short: names of sockets end at 108 characters
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: list[str], folder: str, stop_signal: signal.Signals, **options: object
) -> Iterator[Callable[[], bool]]:
    with open(f"{folder}/output.log", "ab") as output:
        process = subprocess.Popen(  # type: ignore[call-overload]
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in a test run stops them in order, through the context managers
            **options,
        )
    try:
        yield lambda: process.poll() is None
    finally:
        if process.poll() is None:
            process.send_signal(stop_signal)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(
    is_ready: Callable[[], bool], is_alive: Callable[[], bool], folder: str, timeout: float = 30
) -> None:
    until = time.monotonic() + timeout
    while not is_ready():
        if not is_alive() or time.monotonic() > until:
            logs = [path.read_text(errors="replace")[-2000:] for path in sorted(Path(folder).glob("*.log"))]
            raise RuntimeError(f"Ein Dienst kam nicht hoch ({folder}):\n" + "\n".join(logs))
        time.sleep(0.05)


def greets(port: int, greeting: bytes) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(200).startswith(greeting)
    except OSError:
        return False


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run_quietly(command: list[str], **options: object) -> None:
    answer = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if answer.returncode:
        raise RuntimeError(f"{command[0]}: {answer.stdout}{answer.stderr}")


def main() -> int:
    found = versions()
    missing = [name for name, version in found.items() if version is None]
    print("Echte Teile: " + " · ".join(f"{name} {version}" for name, version in found.items() if version))
    if missing:
        print("Nicht einzurichten: " + ", ".join(missing))
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
