"""Pages of a demonstration or training instance: who to sign in as, everybody's mailbox, the components."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.correspondence.rendering import attachments
from parvis.correspondence.secrets import MASK
from parvis.demo import cast, office
from parvis.design.catalogue import sample_context
from parvis.kit.refusals import NotFound
from parvis.web.demonstration import mailbox, reading
from parvis.web.frame.page import demonstration, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

PAGE = 25
LONGEST_SEARCH = 100
_DIRECTIVES = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "object-src": ["'self'"]}
FILE_POLICY = "; ".join(f"{name} {' '.join(sources)}" for name, sources in _DIRECTIVES.items())
"""Browsers show a PDF by embedding it in a page of their own, which this policy governs."""


@page(demonstration)
def home(request: PageRequest) -> HttpResponse:
    """Whom one can sign in as, and where their passwords are."""
    return render(request, "demonstration/home/home.html", {"people": cast.people(), "agents": office.AGENTS})


@page(demonstration)
def mailbox_list(request: PageRequest) -> HttpResponse:
    """Every e-mail and letter, newest first."""
    search = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    kind = request.GET.get("sorte", "")
    kind = kind if kind in mailbox.KINDS else ""
    found = mailbox.items(search, kind)
    last = max(1, -(-len(found) // PAGE))
    number = min(max(1, _number(request.GET.get("page", ""))), last)
    context = {
        "items": found[(number - 1) * PAGE : number * PAGE],
        "count": len(found),
        "first": (number - 1) * PAGE + 1,
        "search": search,
        "kind": kind,
        "kinds": {key: _query(search, key, 1) for key in ("", *mailbox.KINDS)},
        "previous": _query(search, kind, number - 1) if number > 1 else None,
        "following": _query(search, kind, number + 1) if number < last else None,
        "was_emptied": mailbox.was_emptied(),
    }
    return render(request, "demonstration/mailbox/list.html", context)


@page(demonstration, writes=True)
def mailbox_empty(request: PageRequest) -> HttpResponse:
    """Empty the mailbox for everybody, or show all again."""
    if request.method == "POST":
        if "remettre" in request.POST:
            mailbox.show_again()
            messages.success(request, "C’est fait. Tous les messages sont de retour.")
        else:
            mailbox.empty()
            messages.success(request, "C’est fait. La boîte est vide.")
    return HttpResponseRedirect(reverse("mailbox"))


@page(demonstration)
def mailbox_item(request: PageRequest, name: str) -> HttpResponse:
    """One e-mail or letter."""
    item = _item(name)
    context = {
        "item": item,
        "paragraphs": reading.paragraphs(item.text),
        "secrets": reading.secrets_of(item.text, item.kept) if item.kind == "mail" else [],
        "has_secret": MASK in item.kept,
    }
    return render(request, f"demonstration/mailbox/{'email' if item.kind == 'mail' else 'letter'}.html", context)


@page(demonstration)
def mailbox_file(request: PageRequest, name: str) -> HttpResponse:
    """The e-mail to download, or the letter to look at."""
    item = _item(name)
    kept = "attachment" if item.kind == "mail" else "inline"
    kind = "message/rfc822" if item.kind == "mail" else "application/pdf"
    headers = {"Content-Disposition": f'{kept}; filename="{item.name}"', "Content-Security-Policy": FILE_POLICY}
    return HttpResponse(item.path.read_bytes(), content_type=kind, headers=headers)


@page(demonstration)
def mailbox_attachment(request: PageRequest, name: str) -> HttpResponse:
    """The PDF an e-mail carries, to look at, under its name where it is one of ours."""
    item = _item(name)
    content = mailbox.attachment_of(item)
    if content is None:
        raise NotFound
    called = item.attached if attachments.NAME.fullmatch(item.attached) else "piece-jointe.pdf"
    headers = {"Content-Disposition": f'inline; filename="{called}"', "Content-Security-Policy": FILE_POLICY}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@page(demonstration)
def catalogue(request: PageRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "design/catalogue.html", sample_context())


def _item(name: str) -> mailbox.Item:
    item = mailbox.item_of(name)
    if item is None:
        raise NotFound
    return item


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _query(search: str, kind: str, number: int) -> str:
    asked = {"q": search, "sorte": kind, "page": number if number > 1 else ""}
    return "?" + urlencode({key: value for key, value in asked.items() if value})
