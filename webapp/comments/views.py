"""Comments on an item or a phase: written, changed and deleted by whoever wrote them; the history keeps what was."""

from typing import Any

from flask import Blueprint, abort, redirect, url_for

from models.base import NOTE
from models.comments import Comment, comments_on
from webapp.access import officer
from webapp.clock import now
from webapp.database import db
from webapp.forms import BaseForm, LongTextField, store
from webapp.pages import address_of, delete_page, done, history_page, load, page
from webapp.titles import subject_title
from webapp.words import L_, _

room = Blueprint("comments", __name__, template_folder="templates")

# What can be commented on.
_KINDS = frozenset({"commitment", "phase"})


class CommentForm(BaseForm):
    """What a colleague says."""

    body = LongTextField(L_("Comment"), NOTE)

    def is_written(self) -> bool:
        """Whether there is something to keep; else the form says so."""
        if self.validate_on_submit() and not self.body.data:
            self.body.errors = [_("Please write a comment.")]
        return not self.errors and bool(self.body.data)


room.add_app_template_global(lambda kind, key: comments_on(db(), kind, key), "comments_on")


@room.route("/kommentare/neu/<kind>/<int:key>", methods=["GET", "POST"])
def create(kind: str, key: int) -> Any:
    """Write a comment on an item or a phase."""
    about = subject_title(kind, key) if kind in _KINDS else ""
    if not about:
        abort(404)
    back = f"{address_of(kind, key)}#kommentare"
    form = CommentForm()
    if form.is_submitted() and form.is_written():
        db().add(
            Comment(
                subject_kind=kind,
                subject_id=key,
                body=form.body.data,
                written_at=now(),
                officer_id=officer().key,
            )
        )
        return done(back, _("The comment is added."))
    return page("comments/edit.html", form=form, heading=_("Add a comment"), about=about, back=back)


@room.get("/kommentare/<int:key>")
def show(key: int) -> Any:
    """A comment stands on the page of what it speaks of."""
    return redirect(_back(load(Comment, key)))


def _own(key: int) -> Comment:
    """A comment that the colleague wrote; the others' are not theirs to change."""
    comment = load(Comment, key)
    if comment.officer_id != officer().key:
        abort(403)
    return comment


def _back(comment: Comment) -> str:
    return f"{address_of(comment.subject_kind, comment.subject_id) or url_for('overview.show')}#kommentare"


@room.route("/kommentare/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change one's own comment; what stood there before stays in its history."""
    comment = _own(key)
    form = CommentForm(obj=comment)
    if form.is_submitted() and form.is_written() and store(form, comment):
        return done(_back(comment), _("Saved."))
    about = subject_title(comment.subject_kind, comment.subject_id)
    return page(
        "comments/edit.html", form=form, heading=_("Change the comment"), about=about, back=_back(comment)
    )


@room.route("/kommentare/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete one's own comment."""
    comment = _own(key)
    return delete_page(comment, _back(comment), _back(comment))


@room.get("/kommentare/<int:key>/verlauf")
def history(key: int) -> Any:
    """What a comment said before."""
    comment = load(Comment, key)
    return history_page(comment, _back(comment))
