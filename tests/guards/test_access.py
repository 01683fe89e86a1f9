"""Every route needs sign-in but those on the public list, and every unsafe one a CSRF token."""

import pytest
from flask import Flask

from tests.judge import JudgingClient
from webapp.access import PUBLIC, WITHOUT_TOKEN

pytestmark = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


def _address(app: Flask, rule: object) -> str:
    arguments = rule.arguments  # type: ignore[attr-defined]
    values = {name: "commitment" if name == "kind" else "1" for name in arguments}
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **values))  # type: ignore[attr-defined]


def test_nobody_sees_a_page_without_signing_in(app: Flask, visitor: JudgingClient) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        address = _address(app, rule)
        if "GET" in (rule.methods or ()):
            response = visitor.get(address)
            assert response.status_code == 302, address
            assert response.headers["Location"].startswith("/anmelden"), address
        if "POST" in (rule.methods or ()):
            assert visitor.post(address).status_code == 401, address
        seen += 1
    assert seen > 60


def test_the_public_list_is_short_and_real(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints >= PUBLIC
    assert len(PUBLIC) <= 8


def test_every_unsafe_route_refuses_a_request_without_a_token(app: Flask, client: JudgingClient) -> None:
    assert {"unsubscribe.stop"} == WITHOUT_TOKEN, "what mail programs press (RFC 8058), and nothing else"
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in WITHOUT_TOKEN:
            response = client.post(_address(app, rule), with_token=False)
            assert response.status_code == 400, rule.endpoint


def test_every_page_says_what_browsers_must_not_do(visitor: JudgingClient) -> None:
    headers = visitor.get("/anmelden").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_foreign_host_name_is_refused(visitor: JudgingClient) -> None:
    assert visitor.get("/anmelden", headers={"Host": "evil.example"}).status_code == 400
