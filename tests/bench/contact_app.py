"""The product with one page more: the rows of the list of contacts, ready-made, in the same base page."""

from functools import cache
from typing import Any

from flask import Blueprint, Flask, current_app, render_template_string, request
from markupsafe import Markup

from webapp import create_app_from_environment

_PAGE = """{% extends "base.html" %}{% block title %}Messung{% endblock %}{% block content %}{{ rows }}{% endblock %}"""

room = Blueprint("bare", __name__)


@cache
def _rows(address: str) -> Markup:
    """The results of the list at this address, made once by the product itself."""
    client = current_app.test_client(use_cookies=False)
    answer = client.get(address, headers={"Cookie": request.headers["Cookie"], "Host": request.host})
    assert answer.status_code == 200, (address, answer.status_code)
    return Markup(answer.text)


@room.get("/messung/kahl")
def bare() -> Any:
    """A page that asks the database for nothing of its own."""
    address = request.args["wie"]
    joint = "&" if "?" in address else "?"
    return render_template_string(_PAGE, rows=_rows(f"{address}{joint}teil=liste"))


def create() -> Flask:
    app = create_app_from_environment()
    app.register_blueprint(room)
    return app
