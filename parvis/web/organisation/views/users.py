"""The users of the organisation: the list, and the sheet of each."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.kit.actors import Right
from parvis.landlords.selectors.supervised import is_review_due, taken_from
from parvis.landlords.selectors.users import (
    administers_since,
    history_of,
    offices_of_landlord,
    own_partner,
    requests_waiting,
    user_of,
    users_page,
    was_invited,
)
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.listing import UsersAddress
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import offices_in_words, pill_of, rights_in_words, row_of


@page(needing(Right.ADMINISTER))
@organisation_only
def users(request: PageRequest) -> HttpResponse:
    """« Utilisateurs et droits »."""
    asked = UsersAddress.read(request.GET)
    shown = users_page(request.actor, words=asked.search, after=asked.after, before=asked.before, at=request.now)
    context = {
        "rows": [row_of(user) for user in shown.lines],
        "requests": [(waiting, Right(waiting.right).label) for waiting in requests_waiting(request.actor)],
        "asked": asked,
        "review_due": is_review_due(own_partner(request.actor)),
        "shown": shown,
        "previous": asked.query(before=shown.before) if shown.before else None,
        "following": asked.query(after=shown.after) if shown.after else None,
    }
    return render(request, "organisation/users/list.html", context)


@page(needing(Right.ADMINISTER))
@organisation_only
def user(request: PageRequest, user: str) -> HttpResponse:
    """One user: rights, offices, end, and what was done."""
    found = user_of(request.actor, user, at=request.now)
    kind, label = pill_of(found)
    context = {
        "user": found,
        "rights": rights_in_words(found),
        "offices": offices_in_words(found.offices, offices_of_landlord(request.actor)),
        "pill_kind": kind,
        "pill_label": label,
        "since": administers_since(found.id, at=request.now),
        "requests": [
            {"id": asked.pk, "label": Right(asked.right).label}
            for asked in requests_waiting(request.actor)
            if asked.account_id == found.id
        ],
        "may_invite_again": found.opened_at is None and was_invited(request.actor, found),
        "is_oneself": found.id == request.standing.account_id,
        "history": history_of(request.actor, found),
        "taken": taken_from(found.id, at=request.now),
    }
    return render(request, "organisation/users/sheet.html", context)
