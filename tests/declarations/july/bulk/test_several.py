"""A file with rents of several accounts: read once, each line in the file of its account, under the number it has there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.declarations.bulk import columns, confirming, intake, report, template
from parvis.declarations.bulk.intake import annotating, parting, several
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.bulk.refusals import (
    NoLines,
    NoRents,
    NothingOfYours,
    OtherYear,
    SeveralAccounts,
)
from parvis.kit.actors import Right
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Habilitation
from parvis.sheets import reading, writing
from parvis.sheets.refusals import Unreadable
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
HEAD = ["Clé (ne pas modifier)", "Compte", "N° allocataire", "Locataire", f"Loyer juillet {YEAR}"]


def rented(of: Owner, name: str, **more: Any) -> Tenancy:
    home = tenancy(of.landlord, last_name=name, **more)
    july_rent(home, YEAR - 1, 52_400)
    return home


def two() -> tuple[Owner, Owner, list[Tenancy]]:
    """One person, two accounts: Abadie and Benali in the first, Zola and Yver in the second."""
    me = owner()
    other = owner(landlord(company_name="Les Deux Rives"), credential=me.account.credential)
    homes = [rented(me, "Abadie"), rented(me, "Benali"), rented(other, "Zola"), rented(other, "Yver")]
    made.campaign()
    return me, other, homes


def keyed(home: Tenancy, amount: str, *, year: int = YEAR) -> list[str]:
    return [columns.key_of(year, home.reference), "", "", home.last_name, amount]


def table(*rows: list[str], head: list[str] | None = None) -> bytes:
    return "\r\n".join(";".join(row) for row in [head or HEAD, *rows]).encode("cp1252")


def sent_in(me: Owner, content: bytes, **more: Any) -> RentUpload:
    return several.receive(me.account.credential_id, name="loyers.csv", content=content, at=NOW, **more)


def file_of(one: Owner) -> RentFile:
    return RentFile.objects.get(account=one.account)


def lines_of(one: Owner) -> list[tuple[int, str, str]]:
    return [(row.line, row.typed, row.state) for row in report.lines_of(one.actor, file_of(one)).rows]


def test_lines_go_to_their_accounts_under_the_numbers_they_have() -> None:
    me, other, (abadie, benali, zola, yver) = two()
    upload = sent_in(
        me, table(keyed(zola, "525"), keyed(abadie, "5240"), [""] * 5, keyed(benali, "526"), keyed(yver, ""))
    )
    assert (upload.state, upload.lines, upload.stray_count, upload.content) == ("parted", 4, 0, None)
    assert lines_of(me) == [(3, "5240", "to_correct"), (5, "526", "ready")]
    assert lines_of(other) == [(2, "525", "ready"), (6, "", "no_amount")]
    assert {file.account_id: file.counts for file in upload.parts.all()} == {
        me.account.pk: {"to_correct": 1, "ready": 1}, other.account.pk: {"ready": 1, "no_amount": 1},
    }  # fmt: skip
    noted = Entry.objects.filter(event="declarations.file_received").values_list("partner_id", flat=True)
    assert set(noted) == {me.landlord.pk, other.landlord.pk}


def test_the_table_that_comes_down_goes_up_again_in_every_shape() -> None:
    me, other, _ = two()
    rows = [*template.lines_across("A", me.actor, YEAR), *template.lines_across("B", other.actor, YEAR)]
    assert [row[1] for row in rows] == ["A", "A", "B", "B"]
    for row in rows:
        row[template.RENT_COLUMN + 1] = 525.5
    for kind in ("csv", "xlsx", "ods"):
        with writing.kept_file(kind, template.header_across(YEAR), rows) as file:
            upload = sent_in(me, file.read())
        assert [part.counts for part in upload.parts.order_by("pk")] == [{"ready": 2}, {"ready": 2}], kind
        RentFile.objects.all().delete()


def test_titles_above_a_moved_head_and_a_renamed_key_are_found() -> None:
    me, other, (abadie, _, zola, _) = two()
    content = "\n".join(
        [
            "Cabinet Martin\t\t", "\t\t", f"Locataire\tLoyer juillet {YEAR}\tIdentifiant Parvis",
            f"Abadie\t525,00\t{YEAR}-{abadie.reference}", f"Zola\t526,00\t{YEAR}-{zola.reference}", "Total\t1051,00\t",
        ]
    )  # fmt: skip
    upload = sent_in(me, content.encode())
    assert lines_of(me) == [(4, "525,00", "ready")]
    assert lines_of(other) == [(5, "526,00", "ready")]
    assert [stray[0] for stray in upload.strays] == [6]


def test_a_formula_and_a_comma_in_a_name_stay_what_they_are() -> None:
    me, _, (abadie, *_) = two()
    sent_in(me, table([*keyed(abadie, '="525,00"')[:3], '"Abadie; dite ""A"""', '="525,00"']))
    (row,) = report.lines_of(me.actor, file_of(me)).rows
    assert (row.state, row.cents, row.is_formula) == ("ready", 52_500, True)
    annotated = list(annotating.annotated(me.actor, file_of(me)))
    assert [line[-2:] for line in annotated] == [["Résultat", "Que corriger"], ["Prêt", ""]]
    assert annotated[1][3] == 'Abadie; dite "A"'


def test_claimants_without_a_key_are_looked_for_in_all_accounts() -> None:
    me, other, (abadie, _, zola, _) = two()
    twins = [rented(one, "Colin", claimant_number="0777777") for one in (me, other)]
    made.campaign()
    rows = [
        ["", "", abadie.claimant_number, "", "525"],
        ["", "", zola.claimant_number, "", "526"],
        ["", "les deux rives", "0777777", "", "527"],
        ["", "", "0777777", "", "528"],
        ["", "", "1599999", "", "529"],
    ]
    upload = sent_in(me, table(*rows))
    assert [line[0] for line in lines_of(me)] == [2]
    assert [line[0] for line in lines_of(other)] == [3, 4]
    assert [(stray[0], stray[3][:40]) for stray in upload.strays] == [
        (5, "Le n° allocataire 0777777 est dans plusi"), (6, "N° allocataire 1599999 introuvable dans "),
    ]  # fmt: skip
    assert len(twins) == 2


def test_lines_of_strangers_of_accounts_without_the_right_and_of_other_years_are_told() -> None:
    me, other, (abadie, benali, zola, _) = two()
    stranger = owner()
    theirs = rented(stranger, "Secret")
    made.campaign()
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).delete()
    rows = [
        keyed(abadie, "525"), keyed(zola, "526"), keyed(theirs, "527"), keyed(benali, "528", year=YEAR - 1),
        ["", "", "", "Total", "2100"],
    ]  # fmt: skip
    upload = sent_in(me, table(*rows))
    assert [(line, typed, sentence.replace("\u00a0", " ")) for line, _, typed, sentence, _ in upload.strays] == [
        (3, "526", "Ce locataire est dans le compte Les Deux Rives, où vous n’avez pas le droit « Déclarer »."),
        (
            4,
            "527",
            "Cette ligne ne correspond à aucun locataire de vos comptes. La colonne A a peut-être été modifiée.",
        ),
        (5, "528", f"Cette ligne date de la campagne {YEAR - 1}. Téléchargez le fichier de {YEAR}."),
        (6, "2100", "Cette ligne ne nomme aucun locataire : elle est ignorée."),
    ]
    assert set(RentFile.objects.values_list("account_id", flat=True)) == {me.account.pk}


def test_many_strays_are_counted_and_the_first_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "MOST_STRAYS", 2)
    me, _, (abadie, *_) = two()
    unknown = [[f"{YEAR}-{uuid4()}", "", "", "", "1"] for _ in range(4)]
    upload = sent_in(me, table(*unknown, keyed(abadie, "525")))
    assert (upload.stray_count, len(upload.strays)) == (4, 2)


def test_accounts_without_any_amount_get_no_file_and_are_named() -> None:
    me, other, (abadie, _, zola, yver) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, ""), keyed(yver, "")))
    assert upload.unfilled == [["Les Deux Rives", 2]]
    assert not RentFile.objects.filter(account=other.account).exists()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Unreadable),
        (b"  \n", Unreadable),
        (b"%PDF-1.7", Unreadable),
        (table(), NoLines),
        (table([""] * 5), NoLines),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_kept(content: bytes, refusal: type[Exception]) -> None:
    me, *_ = two()
    with pytest.raises(refusal):
        sent_in(me, content)
    assert not RentUpload.objects.exists()
    assert not RentFile.objects.exists()


def test_a_file_of_another_year_of_nobody_or_without_amounts_is_refused() -> None:
    me, _, (abadie, *_) = two()
    with pytest.raises(OtherYear):
        sent_in(me, table(keyed(abadie, "525", year=YEAR - 1)))
    with pytest.raises(NothingOfYours, match="aucun locataire de vos comptes"):
        sent_in(me, table([f"{YEAR}-{uuid4()}", "", "", "", "525"]))
    with pytest.raises(NoRents):
        sent_in(me, table(keyed(abadie, "")))
    assert not RentUpload.objects.exists()


def test_a_column_that_is_not_told_is_asked_then_each_line_finds_its_account() -> None:
    me, other, (abadie, _, zola, _) = two()
    head = ["Qui", "Combien"]
    rows = [[f"{YEAR}-{home.reference}", amount] for home, amount in ((abadie, "525"), (zola, "526"))]
    upload = sent_in(me, table(*rows, head=head))
    assert (upload.state, upload.header) == ("columns", ["Colonne 1", "Colonne 2"])
    assert not RentFile.objects.exists()
    places = {columns.RENT: 1, columns.KEY: 0}
    upload = several.choose_columns(me.account.credential_id, upload.reference, places, at=NOW)
    assert upload.state == "parted"
    assert lines_of(me) == [(2, "525", "ready")]
    assert lines_of(other) == [(3, "526", "ready")]


def test_the_same_form_twice_makes_nothing_twice() -> None:
    me, _, (abadie, _, zola, _) = two()
    key, content = uuid4(), table(keyed(abadie, "525"), keyed(zola, "526"))
    first = sent_in(me, content, key=key)
    again = sent_in(me, content, key=key)
    assert first.pk == again.pk
    assert RentFile.objects.count() == 2
    stranger = owner()
    with pytest.raises(NotFound):
        several.upload_of(stranger.account.credential_id, first.reference)


def test_abandoned_files_leave_nothing_and_confirmed_ones_stay() -> None:
    me, other, (abadie, _, zola, _) = two()
    upload = sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    confirming.confirm(me.actor, file_of(me).reference, wish="keep", at=NOW)
    assert several.abandon(me.account.credential_id, upload.reference, at=NOW) == 1
    assert (file_of(me).state, file_of(other).state) == ("confirmed", "abandoned")
    upload.refresh_from_db()
    assert upload.state == "parted"


def test_a_file_of_several_on_the_page_of_one_says_where_to_go() -> None:
    me, _, (abadie, _, zola, _) = two()
    with pytest.raises(SeveralAccounts, match="Les Deux Rives"):
        intake.receive(me.actor, YEAR, name="a.csv", content=table(keyed(abadie, "525"), keyed(zola, "526")), at=NOW)
    assert not RentFile.objects.exists()


def test_lines_of_another_account_far_below_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    me, _, (abadie, _, zola, _) = two()
    blank = [[""] * 5] * 220
    intake.receive(
        me.actor, YEAR, name="a.csv", content=table(keyed(abadie, "525"), *blank, keyed(zola, "526")), at=NOW
    )
    rows = report.lines_of(me.actor, file_of(me)).rows
    assert [row.state for row in rows] == ["ready", "unknown"]
    assert "dans votre compte Les Deux Rives" in rows[1].sentences[0]


def test_blank_lines_before_those_of_an_account_do_not_hide_them() -> None:
    me, other, (abadie, _, zola, _) = two()
    sent_in(me, table(keyed(abadie, "525"), *[[""] * 5] * 260, keyed(zola, "526")))
    assert lines_of(other) == [(263, "526", "ready")]


def test_old_uploads_are_forgotten() -> None:
    me, _, (abadie, *_) = two()
    sent_in(me, table(keyed(abadie, "525")))
    intake.forget_old(at=NOW + intake.KEPT_FOR + timedelta(days=1))
    assert not RentUpload.objects.exists()
    assert not RentFile.objects.exists()


def test_what_an_account_is_handed_is_read_by_the_same_limited_process() -> None:
    me, other, (abadie, _, zola, _) = two()
    sent_in(me, table(keyed(abadie, "525"), keyed(zola, "526")))
    content = bytes(file_of(other).content or b"")
    rows = list(reading.rows(content))
    assert (rows[0], rows[1], rows[2][-1]) == (HEAD, [], "526")
