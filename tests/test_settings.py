"""Settings: sensible defaults, every fault at once, no secret in a log."""

import pytest

from settings import SettingsError, load_settings

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def least(tmp_path):
    return {"LOTSE_DATA_DIR": str(tmp_path / "data"), "LOTSE_SECRET_KEY": KEY}


def faults(environ):
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return caught.value.faults


def test_a_key_and_a_folder_are_enough(least, tmp_path):
    settings = load_settings(least)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/lotse.sqlite3"
    assert (settings.files_dir, settings.mail_dir) == (tmp_path / "data/files", tmp_path / "data/mail")
    assert (settings.base_url, settings.time_zone) == ("http://127.0.0.1:8000", "Europe/Berlin")
    assert settings.trusted_hosts == ("127.0.0.1", "localhost")
    assert (settings.smtp, settings.sends_mail, settings.is_demo, settings.is_https) == (
        None,
        False,
        False,
        False,
    )
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_all_faults_are_told_at_once():
    found = faults(
        {
            "LOTSE_DATA_DIR": "/proc/nowhere", "LOTSE_DATABSE_URL": "typo", "LOTSE_DATABASE_URL": "mysql://x/y",
            "LOTSE_SMTP_URL": "http://x", "LOTSE_BASE_URL": "lotse.leipzig.de", "LOTSE_TIME_ZONE": "Europe/Leipzig",
            "LOTSE_DEMO": "ja", "LOTSE_MAIL_FROM": "Lotse", "LOTSE_TRUSTED_HOSTS": "https://x",
        }
    )  # fmt: skip
    named = {fault.split(":")[0] for fault in found}
    assert named == {
        "LOTSE_DATA_DIR", "LOTSE_DATABSE_URL", "LOTSE_DATABASE_URL", "LOTSE_SMTP_URL", "LOTSE_BASE_URL",
        "LOTSE_TIME_ZONE", "LOTSE_DEMO", "LOTSE_MAIL_FROM", "LOTSE_TRUSTED_HOSTS", "LOTSE_SECRET_KEY",
    }  # fmt: skip


def test_no_secret_is_printed(least):
    environ = least | {
        "LOTSE_SMTP_URL": "smtp://nutzer:passwort@mail.example", "LOTSE_MAIL_FROM": "lotse@leipzig.example",
        "LOTSE_DATABASE_URL": "postgresql+psycopg://app:datenbankwort@db/lotse",
    }  # fmt: skip
    shown = repr(load_settings(environ))
    assert not any(secret in shown for secret in (KEY, "passwort", "nutzer", "datenbankwort"))
    broken = faults(
        environ
        | {"LOTSE_SMTP_URL": "smtp://nutzer:passwort@", "LOTSE_DATABASE_URL": "x://app:datenbankwort@"}
    )
    assert not any(secret in " ".join(broken) for secret in ("passwort", "datenbankwort"))


@pytest.mark.parametrize(
    ("url", "port", "implicit", "starttls"),
    [
        ("smtp://relay.example", 25, False, False),
        ("smtp://relay.example:2525", 2525, False, False),
        ("smtp://u:p@relay.example", 587, False, True),
        ("smtps://u:p@relay.example", 465, True, False),
        ("smtps://relay.example", 465, True, False),
    ],
)
def test_mail_servers(least, url, port, implicit, starttls):
    server = load_settings(least | {"LOTSE_SMTP_URL": url, "LOTSE_MAIL_FROM": "lotse@leipzig.example"}).smtp
    assert (server.port, server.implicit_tls, server.require_starttls) == (port, implicit, starttls)


def test_an_own_certificate_authority_demands_tls(least, tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    environ = least | {"LOTSE_MAIL_FROM": "lotse@leipzig.example"}
    server = load_settings(environ | {"LOTSE_SMTP_URL": f"smtp://relay?ca={tmp_path}/ca.pem"}).smtp
    assert (server.ca_file, server.require_starttls) == (f"{tmp_path}/ca.pem", True)
    assert faults(environ | {"LOTSE_SMTP_URL": "smtp://relay?ca=/nowhere"})
    assert faults(environ | {"LOTSE_SMTP_URL": "smtp://relay?tls=no"})


def test_user_and_password_are_decoded(least):
    environ = least | {"LOTSE_SMTP_URL": "smtp://lotse%40leipzig.example:gr%C3%B6%C3%9Fe%23@relay"}
    settings = load_settings(environ)
    assert (settings.smtp.user, settings.smtp.password) == ("lotse@leipzig.example", "größe#")
    assert settings.mail_from == "lotse@leipzig.example", "a user that is an address is the sender"


@pytest.mark.parametrize(
    "url", ["smtp://u@relay", "smtp://:p@relay", "smtp://u:a#b@relay", "smtp://relay:port", "relay"]
)
def test_a_mail_server_that_cannot_be_meant(least, url):
    assert faults(least | {"LOTSE_SMTP_URL": url, "LOTSE_MAIL_FROM": "lotse@leipzig.example"})


def test_with_a_mail_server_the_sender_is_needed(least):
    (fault,) = faults(least | {"LOTSE_SMTP_URL": "smtp://relay"})
    assert fault.startswith("LOTSE_MAIL_FROM")


@pytest.mark.parametrize("address", ["lotse@stadt.local", "lotse@localhost", "Lotse+x@leipzig.de"])
def test_senders(least, address):
    assert load_settings(least | {"LOTSE_MAIL_FROM": address}).mail_from == address


def test_links_to_this_computer_are_dead_in_mails(least):
    environ = least | {"LOTSE_SMTP_URL": "smtp://relay", "LOTSE_MAIL_FROM": "lotse@leipzig.example"}
    assert load_settings(environ).dead_links
    assert load_settings(environ | {"LOTSE_BASE_URL": "http://localhost:8000"}).dead_links
    assert not load_settings(environ | {"LOTSE_BASE_URL": "https://lotse.leipzig.example/"}).dead_links
    assert not load_settings(least).dead_links


def test_the_address_of_the_pages(least):
    settings = load_settings(least | {"LOTSE_BASE_URL": "https://lotse.leipzig.example/"})
    assert (settings.base_url, settings.is_https) == ("https://lotse.leipzig.example", True)
    assert settings.trusted_hosts == ("lotse.leipzig.example",)
    assert settings.mail.base_url == settings.base_url
    named = load_settings(least | {"LOTSE_TRUSTED_HOSTS": "a.example, b.example"})
    assert named.trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    "url", ["https://x.example/lotse", "https://u:p@x.example", "https://x:port", "https://x?y"]
)
def test_an_address_of_pages_that_cannot_be_served(least, url):
    assert faults(least | {"LOTSE_BASE_URL": url})


def test_a_demonstration_has_no_mail_server(least):
    settings = load_settings(least | {"LOTSE_DEMO": "1", "LOTSE_SMTP_URL": "nonsense"})
    assert (settings.is_demo, settings.smtp, settings.sends_mail) == (True, None, False)


def test_the_key_may_lie_in_a_file(least, tmp_path):
    del least["LOTSE_SECRET_KEY"]
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert load_settings(least | {"LOTSE_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == KEY
    assert faults(least | {"LOTSE_SECRET_KEY_FILE": str(tmp_path / "other")})
    assert faults(least | {"LOTSE_SECRET_KEY_FILE": str(tmp_path / "key"), "LOTSE_SECRET_KEY": KEY})
    assert faults(least | {"LOTSE_SECRET_KEY": "short"})
    assert faults(least)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql://x/y", "postgres", "mysql://x/y"]
)
def test_databases_that_are_not_supported(least, url):
    (fault,) = faults(least | {"LOTSE_DATABASE_URL": url})
    assert fault.startswith("LOTSE_DATABASE_URL")


def test_names_of_others_are_left_alone(least):
    load_settings(
        least | {"LOTSE_WEB_PROCESSES": "4", "LOTSE_TEST_X": "1", "PATH": "/bin", "LOTSE_SMTP_URL": ""}
    )


@pytest.mark.parametrize("number", ["viele", "0", "-1", "1.5", "1000", "²"])
def test_a_number_of_web_processes_that_is_none_is_a_fault(least, number):
    (fault,) = faults(least | {"LOTSE_WEB_PROCESSES": number})
    assert fault.startswith("LOTSE_WEB_PROCESSES")


def test_a_name_of_this_computer_can_be_opened_under_its_own_name(least):
    settings = load_settings(least | {"LOTSE_BASE_URL": "http://lotse.localhost:8000"})
    assert settings.trusted_hosts == ("127.0.0.1", "localhost", "lotse.localhost")
