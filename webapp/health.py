"""GET /gesundheit: for the city's monitoring; says nothing about people."""

from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError

from models import migrations
from models.overview import sending
from webapp.clock import now
from webapp.database import database, db

room = Blueprint("health", __name__)


@room.get("/gesundheit")
def health() -> Any:
    """200 when database and schema are right (`degraded` if the jobs do not run), else 503."""
    try:
        schema = migrations.current(database().engine)
        if schema != migrations.newest():
            return jsonify(status="schema", schema=schema, wanted=migrations.newest()), 503
        state = sending(db(), now())
    except SQLAlchemyError:
        return jsonify(status="database"), 503
    last = state.last_tick_at.isoformat() if state.last_tick_at else None
    return jsonify(status="degraded" if state.is_stale else "ok", schema=schema, last_tick_at=last)
