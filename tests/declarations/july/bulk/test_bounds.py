"""Bounds that move: what was ready and is out of them is set aside, in the grid, in a file, in one account and in all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.declarations.bulk import confirming, editing, report
from parvis.declarations.bulk.confirming import several
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.bulk.refusals import LinesSetAside
from parvis.declarations.kinds.july_rent import POSSIBLE_AGAIN, USUAL
from parvis.declarations.models import CampaignCount, CampaignEntry, CampaignOfficeCount, Declaration
from parvis.declarations.refusals import RentsChanged
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles, drafts, july, submission
from parvis.declarations.services.campaigns import bounds as campaign_bounds
from parvis.kit.actors import operator
from parvis.parameters import selectors, services
from parvis.tenancies.models import Tenancy
from parvis.upkeep.clockwork import running
from parvis.upkeep.models import TaskRun
from tests.declarations.july.bulk.test_path import lines, sent_in, table
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, state_of, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, live_at, text

pytestmark = pytest.mark.django_db
BOSS = operator("office")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    live_at(monkeypatch, NOW)
    selectors.forget()
    yield
    selectors.forget()


def highest(cents: int) -> None:
    services.change("rent_highest", cents, by=BOSS, at=NOW, reason="Essai")


def dear() -> tuple[Owner, list[Tenancy]]:
    """Two lodgings of last July at 1 500,00 €, one at 524,00 €."""
    me = owner()
    homes = [tenancy(me.landlord, last_name=name) for name in ("Abadie", "Benali", "Celik")]
    for home, cents in zip(homes, (150_000, 150_000, 52_400), strict=True):
        july_rent(home, YEAR - 1, cents)
    made.campaign()
    return me, homes


def ready() -> tuple[Owner, list[Tenancy]]:
    me, homes = dear()
    for home, amount in zip(homes, ("1500", "1500", "524"), strict=True):
        assert typed(me, home, amount).row.state == "drafted"
    return me, homes


def test_what_the_bounds_refuse_since_does_not_leave() -> None:
    me, homes = ready()
    shown = ready_to_submit(me.actor, YEAR)
    highest(100_000)
    with pytest.raises(RentsChanged):
        submission.submit_ready(me.actor, YEAR, submission_key=uuid4(), expected=shown.fingerprint, at=NOW)
    assert not Declaration.objects.exists()
    assert ready_to_submit(me.actor, YEAR).count == 1
    made.sent(me)
    assert [state_of(home) for home in homes] == ["to_correct", "to_correct", "submitted"]
    assert [entry.draft_cents for entry in CampaignEntry.objects.filter(tenancy__in=homes[:2])] == [150_000] * 2
    assert made.counts_are_true()


def test_nothing_is_set_aside_where_bounds_hold_all_of_it() -> None:
    me, homes = ready()
    assert drafts.set_aside(me.actor, YEAR) == 0
    highest(150_000)
    assert drafts.set_aside(me.actor, YEAR) == 0
    assert [state_of(home) for home in homes] == ["drafted"] * 3


def test_a_july_before_out_of_bounds_holds_its_rent_back_too() -> None:
    me = owner()
    home = tenancy(me.landlord, last_name="Abadie")
    made.campaign()
    typed(me, home, "900", previous="1200")
    july.confirm(me.actor, home.reference, year=YEAR, code="decrease", cents=90_000, at=NOW)
    assert state_of(home) == "drafted"
    highest(100_000)
    assert ready_to_submit(me.actor, YEAR).count == 0
    assert drafts.set_aside(me.actor, YEAR) == 1
    assert state_of(home) == "to_correct"


def test_an_amount_nobody_typed_is_judged_by_the_bounds_too() -> None:
    me, homes = dear()
    Tenancy.objects.update(rent_cents=None)
    july.prefill(me.actor, YEAR, at=NOW)
    assert state_of(homes[0]) == "drafted"
    highest(100_000)
    page = text(me.browser(), address(me))
    assert "compris entre 0,01 € et 1 000,00 €" in page
    assert 'value="1 500,00"' in page, "what was taken over stays to be seen"
    highest(200_000)
    july.confirm(me.actor, homes[0].reference, year=YEAR, code=USUAL, cents=150_000, at=NOW)
    assert state_of(homes[0]) == "drafted"


def test_the_check_page_sets_aside_and_says_so() -> None:
    me, homes = ready()
    highest(100_000)
    page = text(me.browser(), address(me, "july-rents-check"))
    assert "2 loyers sont hors des limites" in page
    assert "1 loyer de juillet" in page
    assert "2 loyers sont hors" not in text(me.browser(), address(me, "july-rents-check")), "said once"
    assert state_of(homes[0]) == "to_correct"


def test_the_grid_counts_what_is_ready_under_the_bounds_in_force() -> None:
    me, _ = ready()
    highest(100_000)
    page = text(me.browser(), address(me))
    assert "1 loyer prêt" in page
    assert "2 à corriger" in page
    assert made.counts_are_true()


def test_all_accounts_say_it_account_by_account() -> None:
    me, homes = ready()
    highest(100_000)
    page = text(me.browser(), reverse("rents-across-check"))
    assert "2 loyers sont hors des limites" in page
    assert me.landlord.last_name in page
    assert [state_of(home) for home in homes] == ["to_correct", "to_correct", "drafted"]


def test_what_the_bounds_allow_again_is_ready_by_one_click() -> None:
    me, homes = dear()
    highest(100_000)
    assert typed(me, homes[0], "1500").row.state == "to_correct"
    assert POSSIBLE_AGAIN not in text(me.browser(), address(me))
    highest(200_000)
    act = f"confirmer:{homes[0].reference}:{USUAL}:150000"
    page = text(me.browser(), address(me))
    assert POSSIBLE_AGAIN in page
    assert act in page
    me.browser().post(address(me), {"annee": str(YEAR), "geste": act})
    assert state_of(homes[0]) == "drafted"
    assert made.counts_are_true()


def test_a_file_tells_before_it_keeps_anything() -> None:
    me, homes = dear()
    file = sent_in(me, table(homes, "1500", "1500,00", "524"))
    assert file.counts == {"ready": 3}
    highest(100_000)
    with pytest.raises(LinesSetAside, match="2 loyers prêts"):
        confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert [row.state for row in lines(me, file)] == ["to_correct", "to_correct", "ready"]
    file.refresh_from_db()
    assert file.counts == {"ready": 1, "to_correct": 2}
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert (done.state, done.kept) == ("confirmed", 1)
    assert [state_of(home) for home in homes] == ["to_declare", "to_declare", "submitted"]


def test_a_file_the_worker_keeps_leaves_them_out() -> None:
    me, homes = dear()
    file = sent_in(me, table(homes, "1500", "1500,00", "524"))
    confirming.confirm(me.actor, file.reference, wish="send", later=True, at=NOW)
    file.refresh_from_db()
    highest(100_000)
    confirming.carry_out(me.actor, file, at=NOW)
    assert (file.state, file.kept, file.left_out) == ("confirmed", 1, 2)
    assert [state_of(home) for home in homes] == ["to_declare", "to_declare", "submitted"]


def test_the_report_of_a_file_counts_by_the_bounds_in_force_and_offers_what_they_allow_again() -> None:
    me, homes = dear()
    file = sent_in(me, table(homes, "1500", "1500,00", "524"))
    highest(100_000)
    page = text(me.browser(), address(me, "rent-file", file.reference))
    assert "2 à corriger" in page
    assert "compris entre 0,01 € et 1 000,00 €" in page
    assert POSSIBLE_AGAIN not in page
    highest(200_000)
    page = text(me.browser(), address(me, "rent-file", file.reference))
    assert POSSIBLE_AGAIN in page
    assert f"confirmer:2:{USUAL}:150000" in page
    done = editing.confirm_line(me.actor, file.reference, 2, code=USUAL, cents=150_000)
    assert (done.state, done.sentences) == ("ready", [])


def test_a_line_judged_under_narrower_bounds_is_offered_too() -> None:
    me, homes = dear()
    highest(100_000)
    file = sent_in(me, table(homes, "1500", "1500,00", "524"))
    assert [row.state for row in lines(me, file)] == ["to_correct", "to_correct", "ready"]
    highest(200_000)
    assert POSSIBLE_AGAIN in report.lines_of(me.actor, file).rows[0].sentences
    assert editing.confirm_line(me.actor, file.reference, 2, code=USUAL, cents=150_000).state == "ready"


def test_declared_with_something_else_it_is_not_ready_either() -> None:
    me, homes = dear()
    bundles.choose(me.actor, homes[0].reference, ("july_rent", "move_out"), year=YEAR, at=NOW)
    typed(me, homes[0], "1500")
    assert rent_is_ready(me, homes[0])
    highest(100_000)
    assert not rent_is_ready(me, homes[0])


def rent_is_ready(me: Owner, home: Tenancy) -> bool:
    sheet = bundle_of(me.actor, home.reference, year=YEAR, at=NOW)
    return next(step.is_ready for step in sheet.steps if step.rent is not None)


def test_files_of_several_accounts_tell_it_account_by_account() -> None:
    me, homes = dear()
    file = sent_in(me, table(homes, "1500", "1500,00", "524"))
    upload = RentUpload.objects.create(
        credential_id=me.account.credential_id, year=YEAR, name="loyers.csv", received_at=NOW, state="parted"
    )
    RentFile.objects.filter(pk=file.pk).update(upload=upload)
    highest(100_000)
    done = several.confirm_all(me.account.credential_id or 0, upload.reference, wish="send", at=NOW)
    assert (done.accounts, len(done.refused)) == (0, 1)
    assert "2 loyers prêts sont hors" in done.refused[0]
    again = several.confirm_all(me.account.credential_id or 0, upload.reference, wish="send", at=NOW)
    assert (again.accounts, again.refused) == (1, [])
    assert [state_of(home) for home in homes] == ["to_declare", "to_declare", "submitted"]


def counted(me: Owner) -> tuple[int, int]:
    kept = CampaignCount.objects.get(landlord=me.landlord, year=YEAR)
    return kept.drafted, kept.to_correct


def judged(minutes: int) -> dict[str, int]:
    """What the clockwork sets aside, so long after now."""
    at = NOW + timedelta(minutes=minutes)
    TaskRun.objects.update(due_at=at)
    (ran,) = (one for one in running.run_due(at=at) if one.task.name == "set_aside_rents")
    assert ran.outcome == "done"
    return dict(ran.counts)


def test_counts_follow_bounds_that_moved_whoever_opens_their_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    (me, homes), (other, _) = ready(), ready()
    assert judged(0) == {}
    highest(100_000)
    monkeypatch.setattr(campaign_bounds, "BLOCK", 1)
    assert judged(5) == {"loyers à corriger": 4}
    assert counted(me) == counted(other) == (1, 2)
    assert [state_of(home) for home in homes] == ["to_correct", "to_correct", "drafted"]
    assert [draft.cents for draft in made.drafts_of(tenancy__in=homes)] == [150_000, 150_000, 52_400]
    assert made.counts_are_true()


def test_rents_are_judged_again_only_where_a_bound_moved_since() -> None:
    _, homes = ready()
    highest(100_000)
    assert judged(5) == {"loyers à corriger": 2}
    assert judged(40) == {"loyers à corriger": 0}, "looked at once more, a quarter of an hour later or more"
    CampaignEntry.objects.filter(tenancy__in=homes).update(state="drafted")
    for kept in (CampaignCount, CampaignOfficeCount):
        kept.objects.update(drafted=3, to_correct=0)
    assert judged(50) == {}, "nothing is read"
    services.change("rent_highest", 110_000, by=BOSS, at=NOW + timedelta(minutes=51), reason="Essai")
    assert judged(55) == {"loyers à corriger": 2}
