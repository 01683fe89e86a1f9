"""The room of what leaves the house; its pages stand in the files beside."""

from flask import Blueprint

room = Blueprint("reports", __name__, template_folder="templates")

from webapp.reports import pack_views  # noqa: E402, F401  (they add their pages to the room)
