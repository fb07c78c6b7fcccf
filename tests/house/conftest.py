"""Two landlords who do not know each other, each with one of everything that has an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from parvis.changes.models import Attachment
from parvis.changes.services.attachments import join_attachment, keep_attachment
from parvis.correspondence.services import queue_email
from parvis.declarations.bulk import intake
from parvis.declarations.bulk.intake import several
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services import bundles, papers
from parvis.identity.captcha import tokens
from parvis.identity.models import Credential, Session, TrustedBrowser
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services.access import freezing
from parvis.kit.actors import Right
from parvis.kit.references import fingerprint
from parvis.landlords.models import Invitation, RightRequest
from parvis.landlords.rules import Wish
from parvis.landlords.services.users import inviting, links
from parvis.landlords.services.users.inviting import Guest
from parvis.tenancies.models import Tenancy
from tests.factories import declarations
from tests.factories.agents import invited
from tests.factories.awaited import paper_awaited_about
from tests.factories.changes import one_of_each_change
from tests.factories.contact import conversation
from tests.factories.files import file_look
from tests.factories.identity import session_of
from tests.factories.landlords import Owner, owner
from tests.factories.papers import paper
from tests.factories.tenancies import july_rent, payment, tenancy, transfer_of

YEARS = cycle(range(2001, 2026))
"""The only year with payments: another one for each landlord, whose statement is nobody else's."""


FORMAT = {"feed": "declarations", "schema_name": "line"}
"""A published format."""


@dataclass(frozen=True, slots=True)
class Landlord:
    """Someone signed in, and what stands for each word of the addresses of their pages."""

    owner: Owner
    real: dict[str, Any]


def landlord_with_everything() -> Landlord:
    """Somebody with one of everything that has an address."""
    someone = owner()
    rented, receipt = _sent_rent(someone)
    paid = payment(rented, date(next(YEARS), 1, 1), 19_977)
    colleague = owner(someone.landlord, rights=frozenset({Right.CONSULT}))
    return Landlord(
        someone,
        {
            "account": someone.account.reference,
            "reference": rented.reference,
            "tenancy": rented.reference,
            "number": receipt.number,
            "transfer": transfer_of(paid).reference,
            "year": paid.paid_on.year,
            "kind": "july_rent",
            "declaration": receipt.declarations.get(kind="july_rent").opaque,
            "name": "L-2026-000001.pdf",
            **FORMAT,
            "version": 1,
            "article": "mot-de-passe-oublie",
            "trouble": "identifiant",
            "session": another_session(someone).pk,
            "look": file_look(someone, rented),
            "file": _rent_file(someone, tenancy(someone.landlord)),
            "upload": _rent_upload(someone, tenancy(someone.landlord)),
            "browser": _browser(someone),
            "message": _message(someone),
            **_conversation(someone),
            "user": colleague.account.reference,
            "right_request": _right_request(colleague),
            "freeze": _freeze_link(someone),
            "invitation": _invitation_link(someone),
            **_of_agents(),
            **_papers(someone, receipt.declarations.get(kind="july_rent")),
            **one_of_each_change(someone),
            **_awaited_paper(someone, receipt.declarations.get(kind="july_rent")),
        },
    )


def _right_request(colleague: Owner) -> int:
    asked = RightRequest.objects.create(account=colleague.account, right=Right.DECLARE, asked_at=datetime.now(UTC))
    return int(asked.pk)


def _of_agents() -> dict[str, Any]:
    """What stands in the addresses of the back office, which are nobody's account."""
    nobody = UUID(int=1)
    words = {"parameter": "code_delay", "accepted": "usage_rules", "family": "help", "text": "code-non-recu"}
    things = {
        "enrolment": invited()[1],
        "agent_session": 1,
        "login": "sarah.lemoine",
        "call": "mot-de-passe-refuse",
        "agent": nobody,
        "banner": nobody,
        "export": nobody,
        "manual": nobody,
        "flagged": "C-2026-000000001-A",
        "batch": "LOT-2026-0001",
        "batch_file": "manifeste.csv",
        "agent-template.text": "identity/letters/identifier",
        "agent-template-paper.text": "identity/letters/identifier",
        "agent-time.office": "441",
        "agent-time.topic": "mail",
        "alert": 1,
        "task": "take_in",
        "partner": nobody,
        "agent-conversation.conversation": nobody,
        "agent-conversation-paper.conversation": nobody,
        "holder": "R",
        "delivery": 1,
        "position": 1,
        "sequence": 1,
    }
    return {**words, **things}


def _sent_rent(someone: Owner) -> tuple[Tenancy, Receipt]:
    """A tenancy whose July rent was sent, and its receipt."""
    rented = tenancy(someone.landlord)
    july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(someone, rented, "525")
    (receipt,) = declarations.sent(someone)
    return rented, receipt


def _awaited_paper(someone: Owner, sent: Declaration) -> dict[str, Any]:
    """A paper that the office awaits, with a file."""
    awaited, now = paper_awaited_about(someone, sent), datetime.now(UTC)
    kept = keep_attachment(paper("bail.pdf"), by=someone.actor, at=now)
    join_attachment(kept.opaque, awaited.files, by=someone.actor, at=now)
    return {"paper": awaited.opaque, "awaited-paper-file.attachment": kept.opaque}


def _papers(someone: Owner, sent: Declaration) -> dict[str, Any]:
    """A file joined to a draft about a tenancy of its own, and one sent with a declaration."""
    now, rented = datetime.now(UTC), tenancy(someone.landlord)
    bundles.choose(someone.actor, rented.reference, ["death"], year=None, at=now)
    bundles.answer(someone.actor, rented.reference, "death", {"stays": "no"}, year=None, at=now)
    papers.join(someone.actor, rented.reference, "death", paper(), at=now)
    kept = keep_attachment(paper("quittance.pdf"), by=someone.actor, at=now)
    join_attachment(kept.opaque, sent.reference or "", by=someone.actor, at=now)
    return {
        "stage": "plan",
        "declare-paper.reference": rented.reference,
        "declare-paper.kind": "death",
        "declare-paper.attachment": Attachment.objects.get(landlord=someone.landlord, name="acte.pdf").opaque,
        "declaration-attachment.attachment": kept.opaque,
    }


def _rent_upload(someone: Owner, of: Tenancy) -> UUID:
    """A file of several accounts that has been parted."""
    declarations.campaign()
    rows = f"Clé (ne pas modifier);Loyer juillet {declarations.YEAR}\r\n{declarations.YEAR}-{of.reference};525\r\n"
    credential, now = someone.account.credential_id, datetime.now(UTC)
    return several.receive(credential, name="loyers.csv", content=rows.encode(), at=now).reference


def _rent_file(someone: Owner, of: Tenancy) -> UUID:
    """A file of July rents that has been checked."""
    declarations.campaign()
    rows = f"Clé (ne pas modifier);Loyer juillet {declarations.YEAR}\r\n{declarations.YEAR}-{of.reference};525\r\n"
    file = intake.receive(
        someone.actor, declarations.YEAR, name="loyers.csv", content=rows.encode(), at=datetime.now(UTC)
    )
    return file.reference


def another_session(someone: Owner) -> Session:
    """Another device of the same person."""
    return session_of(someone.account, at=datetime.now(UTC))


def _browser(someone: Owner) -> int:
    """A remembered browser."""
    found = TrustedBrowser.objects.create(
        token_hash=fingerprint(someone.account.login_id),
        credential_id=someone.account.credential_id,
        credential_version=Credential.objects.get(pk=someone.account.credential_id).version,
        code_validated_at=datetime.now(UTC),
    )
    return found.pk


def _message(someone: Owner) -> str:
    """The reference of a message written to the account."""
    with transaction.atomic():
        message = queue_email(
            to="membre@parvis.example",
            template="identity/emails/frozen",
            context={**words_of(someone.account), "frozen": datetime.now(UTC).isoformat()},
            account_id=someone.account.pk,
            partner_id=someone.account.partner_id,
            at=datetime.now(UTC),
        )
    return message.reference


def _conversation(someone: Owner) -> dict[str, Any]:
    """A question to the office, with a file."""
    asked, file = conversation(someone, files=1)
    return {"conversation": asked.opaque, "conversation-file.attachment": file}


def _freeze_link(someone: Owner) -> str:
    """The token of a notice that still freezes something."""
    now = datetime.now(UTC)
    return freezing.draw_link(freezing.link_for(someone.account.credential_id, "test", at=now).pk, at=now)["freeze"]


def _invitation_link(someone: Owner) -> str:
    """The token of an invitation that waits."""
    now = datetime.now(UTC)
    guest = Guest("Léa", "Bloch", f"lea.{someone.account.login_id.lower()}@agence.example")
    account = inviting.invite(guest, Wish(frozenset({Right.CONSULT})), by=someone.actor, at=now)
    return links.draw(Invitation.objects.get(account=account).pk, at=now)["invitation_link"]


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Landlord, Landlord]]:
    """Both landlords, made once a module in a transaction of its own: each test works, and is undone, inside it."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]
        around.__enter__()
        try:
            yield landlord_with_everything(), landlord_with_everything()
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


def with_young_captchas(made: Landlord) -> Landlord:
    """The same, with captchas that are young: a module may take longer than they live."""
    young = {f"captcha-{kind}.token": tokens.new(at=datetime.now(UTC)) for kind in ("image", "sound")}
    return Landlord(made.owner, {**made.real, **young})


@pytest.fixture
def owning(two: tuple[Landlord, Landlord], db: None) -> Landlord:
    """The one whose pages are asked for."""
    return with_young_captchas(two[0])


@pytest.fixture
def stranger(two: tuple[Landlord, Landlord], db: None) -> Landlord:
    """Another one, signed in too."""
    return with_young_captchas(two[1])
