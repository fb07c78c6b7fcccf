"""Files of several accounts sent again, abandoned, of other campaigns: nothing lost unseen, nothing said that is not so."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.correspondence.models import Message
from parvis.declarations.bulk import columns, intake, template
from parvis.declarations.bulk.confirming.several import confirm_all
from parvis.declarations.bulk.intake import parting, receiving, several, working
from parvis.declarations.bulk.intake.overview import overview, recent_uploads
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.bulk.refusals import NothingOfYours, OtherYear
from parvis.declarations.models import CampaignCount
from parvis.declarations.services import campaigns
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from tests.declarations.july.bulk.test_several import HEAD, file_of, keyed, lines_of, rented, sent_in, table, two
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, landlord, office, owner
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db


def sent_alone(me: Owner, content: bytes, key: UUID) -> RentFile:
    return intake.receive(me.actor, YEAR, name="a.csv", content=content, at=NOW, key=key)


def test_a_mended_file_with_the_key_of_a_page_brought_back_is_another_file() -> None:
    me, _, (abadie, benali, *_) = two()
    key = uuid4()
    first, mended = (table(keyed(abadie, amount), keyed(benali, "526")) for amount in ("52", "525"))
    one, two_, again = (sent_in(me, content, key=key) for content in (first, mended, mended))
    assert one.pk != two_.pk
    assert two_.pk == again.pk
    assert two_.parts.get().counts == {"ready": 2}
    one_file, other_file, again_file = (sent_alone(me, content, key) for content in (first, mended, mended))
    assert one_file.pk != other_file.pk
    assert other_file.pk == again_file.pk
    assert other_file.counts == {"ready": 2}


def test_the_same_file_sent_again_after_it_was_abandoned_is_taken_anew_once() -> None:
    me, _, (abadie, *_) = two()
    key, content, credential = uuid4(), table(keyed(abadie, "525")), me.account.credential_id
    first = sent_in(me, content, key=key)
    several.abandon(credential, first.reference, at=NOW)
    again, twice = sent_in(me, content, key=key), sent_in(me, content, key=key)
    assert (again.state, again.pk, again.pk == first.pk) == ("parted", twice.pk, False)
    several.abandon(credential, again.reference, at=NOW)
    assert sent_in(me, content, key=key).state == "parted"
    file = sent_alone(me, content, key)
    intake.abandon(me.actor, file.reference, at=NOW)
    anew = sent_alone(me, content, key)
    assert (anew.state, anew.pk == file.pk) == ("ready", False)


def test_the_key_of_somebody_elses_form_opens_nothing_and_stops_nothing() -> None:
    me, _, (abadie, *_) = two()
    stranger = owner()
    theirs = rented(stranger, "Secret")
    made.campaign()
    key = uuid4()
    sent_alone(me, table(keyed(abadie, "525")), key)
    assert sent_alone(stranger, table(keyed(theirs, "526")), key).account_id == stranger.account.pk


@pytest.mark.django_db(transaction=True)
def test_abandoned_while_the_worker_parts_it_nothing_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    me, _, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    handed, started, meanwhile = several._handed, Event(), Event()

    def slowly(*args: Any, **more: Any) -> RentFile:
        started.set()
        meanwhile.wait(timeout=3)
        return handed(*args, **more)

    monkeypatch.setattr(several, "_handed", slowly)

    def act(number: int) -> object:
        if not number:
            return intake.work_one(at=NOW)
        started.wait(timeout=30)
        try:
            return several.abandon(me.account.credential_id, upload.reference, at=NOW)
        finally:
            meanwhile.set()

    at_once(2, act)
    upload.refresh_from_db()
    assert upload.state == "abandoned"
    assert set(RentFile.objects.values_list("state", flat=True)) <= {"abandoned"}
    assert not intake.work_one(at=NOW + timedelta(hours=1))


def test_abandoning_takes_what_a_lost_right_left_and_what_the_upload_says_of_lines() -> None:
    me, other, (abadie, _, zola, yver) = two()
    third = owner(landlord(company_name="Trois"), credential=me.account.credential)
    home = rented(third, "Wolf")
    made.campaign()
    rows = [keyed(abadie, "525"), keyed(zola, "526"), keyed(home, ""), ["", "", "1599999", "", "500"]]
    upload = sent_in(me, table(*rows))
    assert (upload.stray_count, upload.unfilled) == (1, [["Trois", 1]])
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).update(ended_at=NOW)
    assert several.abandon(me.account.credential_id, upload.reference, at=NOW) == 0
    assert {file_of(me).state, file_of(other).state} == {"abandoned"}
    assert not RentFile.objects.exclude(content=None).exists()
    upload.refresh_from_db()
    assert (upload.strays, upload.stray_count, upload.unfilled, upload.header) == ([], 0, [], [])
    assert yver.pk


def test_a_refused_part_takes_the_upload_before_its_file() -> None:
    """« Abandonner » locks in that order: the other way round, each would wait for the other."""
    me, _, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    part = upload.parts.order_by("pk")[0]
    with CaptureQueriesContext(connection) as statements:
        working._refuse(part, OtherYear(2025, 2026), at=NOW)
    locks = [
        sql
        for sql in (one["sql"] for one in statements.captured_queries)
        if "FOR UPDATE" in sql or sql.startswith(("UPDATE", "DELETE"))
    ]
    assert "declarations_rentupload" in locks[0]


def two_campaigns() -> tuple[Owner, Owner, list[Any]]:
    """The first account is in the campaign of an office that opened early; the second still in that of the year before."""
    me = owner(landlord(company_name="Première", office_code="260"))
    other = owner(landlord(company_name="Seconde"), credential=me.account.credential)
    homes = [rented(me, "Abadie", caf_code="260"), rented(other, "Zola")]
    made.campaign(YEAR)
    campaigns.open_campaign(
        YEAR + 1, opens_on=date(YEAR, 7, 10), deadline_on=date(YEAR, 9, 30), suspension_on=date(YEAR + 1, 1, 15),
        office=office("260"), by=CLOCK, at=NOW,
    )  # fmt: skip
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    return me, other, homes


def test_a_line_of_an_account_that_still_declares_the_year_before_is_told_where_it_goes() -> None:
    me, _, (abadie, zola) = two_campaigns()
    head = [*HEAD[:-1], f"Loyer juillet {YEAR + 1}"]
    upload = sent_in(me, table(keyed(abadie, "525", year=YEAR + 1), keyed(zola, "526"), head=head))
    assert (upload.year, file_of(me).counts) == (YEAR + 1, {"to_confirm": 1})
    assert "Le compte Seconde déclare les loyers de 2026" in upload.strays[0][3]
    for content in (table(keyed(zola, "526"), head=head), table(keyed(zola, "526"))):
        with pytest.raises(NothingOfYours, match="Seconde déclare les loyers de 2026"):
            sent_in(me, content, key=uuid4())


def test_the_real_file_of_the_year_before_is_told_by_its_keys() -> None:
    me, _, (abadie, _, zola, _) = two()
    rows = [*template.lines_across("A", me.actor, YEAR)]
    for row in rows:
        row[0] = columns.key_of(YEAR - 1, abadie.reference)
        row[template.RENT_COLUMN + 1] = 525.5
    old = [[str(cell or "") for cell in row] for row in rows]
    with pytest.raises(OtherYear, match=f"Ce fichier date de la campagne {YEAR - 1}"):
        sent_in(me, table(*old, head=template.header_across(YEAR - 1)))
    total = ["", "", "", "Total", "2100"]
    with pytest.raises(OtherYear):
        sent_in(me, table(keyed(zola, "525", year=YEAR - 1), total))
    assert not RentUpload.objects.exists()


@pytest.mark.parametrize("how", ["step", "no_campaign", "closed", "no_right"])
def test_why_an_account_is_held_back_is_told_with_what_to_do(how: str) -> None:
    words = {
        "step": ("étape de connexion", "Ouvrez-le"), "no_campaign": ("Aucune campagne", "n’est ouverte"),
        "closed": ("Ce compte est fermé.", ""), "no_right": ("plus le droit", "à son administrateur"),
    }  # fmt: skip
    me, other, (abadie, _, zola, _) = two()
    content = table(keyed(abadie, "525"), keyed(zola, "526"))
    upload = sent_in(me, content)
    if how == "step":
        type(other.account).objects.filter(pk=other.account.pk).update(last_name="")
    elif how == "no_campaign":
        CampaignCount.objects.filter(landlord=other.landlord).delete()
    elif how == "closed":
        owner(other.landlord)
        type(other.account).objects.filter(pk=other.account.pk).update(state="disabled")
    else:
        Habilitation.objects.filter(account=other.account, right=Right.DECLARE).update(ended_at=NOW)
    assert [part.hindrance for part in overview(upload, at=NOW).parts] == [None, how]
    (refused,) = confirm_all(me.account.credential_id, upload.reference, wish="send", at=NOW).refused
    assert refused.startswith("Les Deux Rives")
    assert all(word in refused for word in words[how])
    told = sent_in(me, content).strays[0][3]
    assert {"step": "étape de connexion", "no_campaign": "aucune campagne", "closed": "fermé", "no_right": "droit"}[
        how
    ] in told


def test_lines_filled_without_a_key_above_the_first_keyed_one_are_read() -> None:
    me, other, (abadie, benali, zola, _) = two()
    unkeyed = ["", "", abadie.claimant_number, "Abadie", "525"]
    upload = sent_in(me, table(unkeyed, ["", "", "", "sans clé", "530"], keyed(zola, "526")))
    assert lines_of(me) == [(2, "525", "ready")]
    assert lines_of(other) == [(4, "526", "ready")]
    assert [stray[0] for stray in upload.strays] == [3]
    file = sent_alone(me, table(unkeyed, keyed(benali, "526")), uuid4())
    assert file.counts == {"ready": 2}


def test_a_head_of_two_lines_above_keys_is_no_line() -> None:
    me, _, (abadie, *_) = two()
    under = ["(clé)", "", "", "", "en euros"], ["", "", "", "", str(YEAR)]
    upload = sent_in(me, table(*under, keyed(abadie, "525")))
    assert (upload.stray_count, lines_of(me)) == (0, [(4, "525", "ready")])


def test_a_file_abandoned_account_by_account_says_so() -> None:
    me, other, (abadie, _, zola, _) = two()
    sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    for one in (me, other):
        intake.abandon(one.actor, file_of(one).reference, at=NOW)
    assert [words for _, words in recent_uploads(me.account.credential_id)] == ["Abandonné"]


def test_totals_are_not_counted_as_lines_to_correct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    me, _, (abadie, _, zola, _) = two()
    rows = [keyed(abadie, "525"), ["", "", "1599999", "", "1"], ["", "", "Total", "", "2100"], ["", "", "", "", "9"]]
    sent_in(me, table(*rows, keyed(zola, "526")))
    while intake.work_one(at=NOW):
        pass
    (mail,) = Message.objects.filter(template="declarations/emails/file_checked")
    assert (mail.context["ready"], mail.context["to_correct"]) == (2, 1)


def test_a_share_too_heavy_to_be_read_again_keeps_the_columns_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "HEAVY", 100)
    me, _, (abadie, benali, *_) = two()
    sent_in(me, table(keyed(abadie, "525"), keyed(benali, "526")))
    assert file_of(me).counts == {"ready": 2}
    text = bytes(file_of(me).content or b"").decode()
    assert "Abadie" in text
    assert "Benali" not in text
    assert "526" in text
