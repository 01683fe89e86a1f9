"""A test client that judges every page it sees, so that no test has to remember to."""

import itertools
from typing import Any

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

_NEED_A_NAME = "//input[not(@type) or not(@type='hidden')] | //select | //textarea"
_TOKEN = "0123456789abcdef0123456789abcdef01234567"


def faults(html: str) -> list[str]:
    """What is wrong with a page: headings, title, ids, labels, descriptions, language, scripts, styles."""
    page = lxml.html.document_fromstring(html)
    found: list[str] = []
    if not page.get("lang"):
        found.append("no lang")
    headings = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5")]
    if headings.count(1) != 1:
        found.append(f"{headings.count(1)} h1")
    found += [f"h{b} after h{a}" for a, b in itertools.pairwise(headings) if b > a + 1]
    title = page.findtext(".//title") or ""
    if len(title.replace("– Fab City Lotse", "").strip()) < 2:
        found.append("no title of its own")
    ids = [element.get("id") for element in page.xpath("//*[@id]")]
    found += [f"id {name!r} stands twice" for name in {name for name in ids if ids.count(name) > 1}]
    for element in page.xpath(_NEED_A_NAME):
        labelled = (
            element.get("aria-label")
            or element.get("aria-labelledby")
            or page.xpath("//label[@for=$id]", id=element.get("id") or "")
        )
        if not labelled and element.getparent().tag != "label":
            found.append(f"{element.tag} {element.get('name')!r} has no label")
    for attribute in ("aria-describedby", "aria-labelledby"):
        for element in page.xpath(f"//*[@{attribute}]"):
            found += [
                f"{attribute} names {t!r}, which is nowhere"
                for t in element.get(attribute).split()
                if t not in ids
            ]
    for element in page.xpath("//*[@aria-invalid='true']"):
        if f"{element.get('id')}-error" not in (element.get("aria-describedby") or "").split():
            found.append(f"{element.get('name')!r} is invalid and its error is not described")
    found += ["inline script" for script in page.iter("script") if not script.get("src")]
    found += [f"style attribute on {e.tag}" for e in page.xpath("//*[@style]")]
    found += ["style element" for _ in page.iter("style")]
    found += [f"{a} attribute" for e in page.iter() for a in e.attrib if str(a).startswith("on")]
    for link in page.xpath("//a"):
        if not (link.text_content().strip() or link.get("aria-label")):
            found.append("a link without text")
        if (
            (link.get("href") or "").startswith("#")
            and len(link.get("href")) > 1
            and link.get("href")[1:] not in ids
        ):
            found.append(f"a link to {link.get('href')}, which is nowhere")
    found += [
        f"a foreign address in {e.tag}"
        for e in page.xpath("//*[@src] | //link[@href]")
        if (e.get("src") or e.get("href") or "").startswith(("http:", "https:", "//"))
    ]
    for form in page.xpath("//form[translate(@method,'POST','post')='post']"):
        if not form.xpath(".//input[@name='csrf_token']"):
            found.append(f"form to {form.get('action')!r} has no CSRF token")
    found += [
        "a table without header cells" for table in page.iter("table") if not table.xpath(".//th[@scope]")
    ]
    for word in (">None<", "Undefined", "{name}", "{day}", "{n}", "%("):
        if word in html:
            found.append(f"{word!r} on the page")
    return found


def page_addresses(app: Flask) -> list[str]:
    """The address of every page and download, each with the first row of its kind; links that sign in are left out."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "accounts.link"):
                values = {name: "commitment" if name == "kind" else "1" for name in rule.arguments}
                found.append(str(app.url_for(rule.endpoint, **values)))
    return found


class JudgingClient(FlaskClient):
    """Judges every HTML page; `post` adds the CSRF token by itself."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # the session ends with the request, for downloads too
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            wrong = faults(response.text)
            assert not wrong, f"{response.request.path}: {wrong}"
        return response

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.pop("with_token", True) and kwargs.get("json") is None:
            data = dict(kwargs.get("data") or {})
            data["csrf_token"] = self.token()
            kwargs["data"] = data
        return super().post(*args, **kwargs)

    def token(self) -> str:
        """A CSRF token that fits this client's session."""
        with self.session_transaction() as session:
            session["csrf_token"] = _TOKEN
        app: Flask = self.application
        return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(_TOKEN))
