"""Bad lines are set aside with their number, their field and a sentence; the others go in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from parvis.exchange.models import DeliveryFile, SetAsideLine
from parvis.exchange.selectors import files_of, given_back
from parvis.exchange.selectors.lines import line_rows
from parvis.kit.encryption import open_
from parvis.landlords.models import ProcessingTime, iban_column, nir_column
from parvis.tenancies.models import JulyRent, Payment, Tenancy
from tests.exchange.inbox import (
    COMPANY,
    JULY_RENT,
    LANDLORD,
    PAYMENT,
    SAMPLES,
    TENANCY,
    TIME,
    Inbox,
    counts,
    told,
    written,
)

pytestmark = pytest.mark.django_db
OTHER = TENANCY | {"claimant_number": "1593740"}

FAULTS = [
    ("tenancies", "caf_code", "44", "« 44 » n’est pas un code de caisse"),
    ("tenancies", "caf_code", "", "Le champ caf_code est vide et il est obligatoire"),
    ("tenancies", "tenancy_ref", "L" * 21, "compte plus de 20 caractères"),
    ("tenancies", "last_name", "M" * 81, "compte plus de 80 caractères"),
    ("tenancies", "last_name", "  ", "est vide et il est obligatoire"),
    ("tenancies", "city", "\u00a0\u202f", "est vide et il est obligatoire"),
    ("landlords", "company_name", " \u00a0", "doit avoir un nom"),
    ("landlords", "email", "jean..luc@x.fr", "n’est pas une adresse mail"),
    ("landlords", "email", "rené@x.fr", "n’est pas une adresse mail"),
    ("landlords", "email", "jean@x.f", "n’est pas une adresse mail"),
    ("tenancies", "last_name", "@SUM(A1)", "commence par « @ »"),
    ("tenancies", "last_name", "+33", "commence par « + »"),
    ("tenancies", "last_name", "-cmd", "commence par « - »"),
    ("tenancies", "first_name", "Li\tna", "contient un caractère invisible"),
    ("tenancies", "first_name", "Li\nna", "contient un caractère invisible"),
    ("tenancies", "start_on", "2026-02-30", "« 2026-02-30 » n’existe pas dans le calendrier"),
    ("tenancies", "start_on", "2025-02-29", "« 2025-02-29 » n’existe pas dans le calendrier"),
    ("tenancies", "start_on", "July-04-26", "« July-04-26 » n’est pas une date"),
    ("tenancies", "start_on", "infinity", "« infinity » n’est pas une date"),
    ("tenancies", "start_on", "1026-01-01", "« 1026-01-01 » n’est pas une date"),
    ("tenancies", "furnished", "oui", "« oui » n’est pas admis : écrivez 1 pour oui ou 0 pour non."),
    ("tenancies", "floor_area_m2", "43.5", "« 43.5 » n’est pas une surface"),
    ("tenancies", "floor_area_m2", "10000", "écrivez un nombre entier de 1 à 9999."),
    ("tenancies", "rent_cents", " 52500", "«  52500 » n’est pas un montant en centimes"),
    ("tenancies", "rent_cents", "5e4", "« 5e4 » n’est pas un montant en centimes"),
    ("tenancies", "rent_cents", "٥٢٥", "« ٥٢٥ » n’est pas un montant en centimes"),
    ("july_rents", "year", "202", "comprise entre 1990 et 2099"),
    ("july_rents", "year", "'25", "n’est pas une année"),
    ("july_rents", "source", "caf", "écrivez landlord, tenant ou office."),
    ("payments", "month", "2026-13", "« 2026-13 » n’est pas un mois"),
    ("payments", "month", "2026-7", "« 2026-7 » n’est pas un mois"),
    ("payments", "amount_cents", "-100", "Le signe ne va pas avec la nature"),
    ("payments", "amount_cents", "--1", "« --1 » n’est pas un montant en centimes"),
    ("payments", "kind", "aids", "écrivez aid, back_payment ou recovery."),
    ("payments", "payment_ref", "=1+1", "commence par « = »"),
    ("processing_times", "max_weeks", "3", "Le délai le plus long est inférieur au plus court"),
    ("landlords", "company_name", "", "Un bailleur moral doit avoir un nom"),
    ("landlords", "siret", "73282932000079", "Ce SIRET n’est pas valable"),
    ("landlords", "siret", "732 829 320 00074", "Ce SIRET n’est pas valable"),
    ("landlords", "iban", "FR7630006000011234567890188", "Cet IBAN n’est pas valable"),
    ("landlords", "iban", "fr7630006000011234567890189", "Cet IBAN n’est pas valable"),
    ("landlords", "iban", "TN5910006035183598478831", "hors de la zone SEPA"),
    ("landlords", "bic", "BDFE", "n’est pas un BIC"),
    ("landlords", "email", "gestion@", "n’est pas une adresse mail"),
    ("landlords", "country", "France", "n’est pas un pays"),
    ("landlords", "user_number", "4410004010", "n’est pas un numéro d’utilisateur"),
    ("landlords", "channel", "fax", "écrivez portal, exchange ou paper."),
]


@pytest.mark.parametrize(("kind", "field", "value", "sentence"), FAULTS)
def test_a_bad_value_is_told_with_its_line_and_its_field(
    furnished: Inbox, kind: str, field: str, value: str, sentence: str
) -> None:
    good = COMPANY if kind == "landlords" else SAMPLES[kind]
    neighbour = good | (
        {"tiers_number": "0004011", "user_number": "44100040110A03", "siret": ""}
        if kind == "landlords"
        else {"payment_ref": "P0002"}
        if kind == "payments"
        else {"topic": "housing_aid_claim"}
        if kind == "processing_times"
        else {"year": "2024"}
        if kind == "july_rents"
        else {"claimant_number": "1593740"}
    )
    assert furnished.take(2, {kind: [good | {field: value}, neighbour]}).state == "loaded"
    ((number, where, what),) = told(2)
    assert (number, where) == (2, field)
    assert sentence in what.replace("\u00a0", " "), what
    assert counts(2, kind) == {"added": 1, "set_aside": 1}


def test_corsican_and_la_poste_numbers_are_right(furnished: Inbox) -> None:
    lines = [
        LANDLORD | {"tiers_number": "0000001", "user_number": "44100000010A01", "nir": "253072B07300470"},
        LANDLORD | {"tiers_number": "0000002", "user_number": "44100000020A01", "nir": "253072A07300443"},
        COMPANY | {"tiers_number": "0000003", "user_number": "44100000030A01", "siret": "35600000000048"},
        COMPANY | {"tiers_number": "0000004", "user_number": "44100000040A01", "siret": "35600000049837"},
    ]
    furnished.take(2, {"landlords": lines})
    assert counts(2, "landlords") == {"added": 4}, told(2)


def test_ragged_lines_are_set_aside_and_the_others_go_in(furnished: Inbox) -> None:
    lines = written("tenancies", [OTHER, OTHER, TENANCY | {"rent_cents": "53000"}, OTHER]).split(b"\r\n")
    lines[1] += b";one more"
    lines[2] = b"441;1593741"
    lines[3] = lines[3].replace(b"Lina", b'"Li"na')
    assert furnished.take(2, {"tenancies": b"\r\n".join(lines)}).state == "loaded"
    sentences = [(number, sentence.replace("\u00a0", " ")) for number, _, sentence in told(2)]
    assert sentences == [
        (2, "La ligne a 25 champs, l’en-tête en a 24 : un « ; » manque ou est de trop. "
            "Mettez entre guillemets un texte qui en contient."),
        (3, "La ligne a 2 champs, l’en-tête en a 24 : un « ; » manque ou est de trop. "
            "Mettez entre guillemets un texte qui en contient."),
        (4, "Un guillemet est mal placé ou n’est pas fermé : doublez ceux qui sont dans le texte."),
    ]  # fmt: skip
    assert counts(2, "tenancies") == {"added": 1, "set_aside": 3}


def test_a_nul_byte_costs_its_line_only(furnished: Inbox) -> None:
    raw = written("tenancies", [OTHER | {"first_name": "Li\0na"}, TENANCY | {"rent_cents": "53000"}])
    assert furnished.take(2, {"tenancies": raw}).state == "loaded"
    assert [(number, sentence[:27]) for number, _, sentence in told(2)] == [(2, "La ligne contient un octet ")]
    assert counts(2, "tenancies") == {"changed": 1, "set_aside": 1}


def test_a_line_that_would_end_copy_s_reading_ends_nothing(furnished: Inbox) -> None:
    raw = (
        written("tenancies", [OTHER])
        + b"\\.\r\n"
        + written("tenancies", [TENANCY | {"rent_cents": "53000"}]).split(b"\r\n")[1]
        + b"\r\n"
    )
    assert furnished.take(2, {"tenancies": raw}).state == "loaded"
    assert counts(2, "tenancies") == {"added": 1, "changed": 1, "set_aside": 1}


def test_lines_are_numbered_as_in_the_file_even_after_blank_ones_and_quoted_line_ends(furnished: Inbox) -> None:
    first, second, third = written("tenancies", [OTHER, OTHER, OTHER]).split(b"\r\n")[1:4]
    header = written("tenancies", []).strip()
    quoted = first.replace(b"Lina", b'"Li\r\nna"')
    raw = b"\r\n".join([header, quoted, b"", second.replace(b"ALF", b"ALZ"), third]) + b"\r\n"
    assert furnished.take(2, {"tenancies": raw}, announced={"rows": 3}).state == "loaded"
    assert [(number, field) for number, field, _ in told(2)] == [(2, "first_name"), (5, "aid_type")]


def test_of_two_lines_with_one_key_the_first_goes_in(furnished: Inbox) -> None:
    lines = [OTHER | {"rent_cents": "1000"}, OTHER | {"rent_cents": "2000"}, TENANCY | {"rent_cents": "3000"}, TENANCY]
    furnished.take(2, {"tenancies": lines})
    assert [(number, sentence.replace("\u00a0", " ")) for number, _, sentence in told(2)] == [
        (
            3,
            "La clé « 441 1593740 L0593739 » est déjà donnée à la ligne 2 de ce fichier : gardez une seule des deux lignes.",
        ),
        (
            5,
            "La clé « 441 1593739 L0593739 » est déjà donnée à la ligne 4 de ce fichier : gardez une seule des deux lignes.",
        ),
    ]
    assert list(Tenancy.objects.order_by("-pk").values_list("rent_cents", flat=True)) == [1000, 3000]
    assert counts(2, "tenancies") == {"added": 1, "changed": 1, "set_aside": 2}


def test_a_bad_line_before_a_good_one_with_the_same_key_is_no_duplicate(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [OTHER | {"aid_type": "X"}, OTHER]})
    assert counts(2, "tenancies") == {"added": 1, "set_aside": 1}


def test_every_kind_adds_changes_and_leaves_alone(furnished: Inbox) -> None:
    files = {"july_rents": [JULY_RENT], "payments": [PAYMENT], "processing_times": [TIME]}
    furnished.take(2, dict(files))
    assert [counts(2, kind) for kind in files] == [{"added": 1}] * 3
    changed = {
        "july_rents": [JULY_RENT | {"rent_cents": "52100"}],
        "payments": [PAYMENT | {"kind": "recovery", "amount_cents": "-5", "reason_code": "overpayment"}],
        "processing_times": [TIME | {"max_weeks": "8"}],
    }
    furnished.take(3, dict(changed))
    assert [counts(3, kind) for kind in files] == [{"changed": 1}] * 3
    assert (JulyRent.objects.get().rent_cents, Payment.objects.get().amount_cents, ProcessingTime.objects.get().max_weeks) == (
        52_100, -5, 8,
    )  # fmt: skip
    furnished.take(4, dict(changed))
    assert [counts(4, kind) for kind in files] == [{"unchanged": 1}] * 3


def test_a_line_that_comes_again_writes_nothing(furnished: Inbox) -> None:
    files = {
        "offices": SAMPLES["offices"], "landlords": LANDLORD | {"iban": "FR7630006000011234567890189"}, "tenancies": TENANCY,
        "july_rents": JULY_RENT, "payments": PAYMENT, "processing_times": TIME,
    }  # fmt: skip
    everything = {kind: [row, COMPANY] if kind == "landlords" else [row] for kind, row in files.items()}
    assert furnished.take(2, dict(everything)).state == "loaded"
    tables = (
        "landlords_office", "landlords_landlord", "landlords_thirdpartynumber", "identity_partner", "tenancies_tenancy",
        "tenancies_portfoliocount", "tenancies_julyrent", "tenancies_payment", "landlords_processingtime",
    )  # fmt: skip

    def versions() -> list[list[tuple[object, ...]]]:
        with connection.cursor() as cursor:
            found = []
            for table in tables:
                cursor.execute(f"SELECT ctid::text, xmin::text FROM {table} ORDER BY 1")
                found.append(cursor.fetchall())
            return found

    before = versions()
    assert all(before)
    assert furnished.take(3, dict(everything), mode="full").state == "loaded"
    assert versions() == before
    assert [counts(3, kind) for kind in everything] == [{"unchanged": len(rows)} for rows in everything.values()]


def test_lines_kept_aside_are_encrypted_and_given_back_word_for_word(furnished: Inbox) -> None:
    bad = LANDLORD | {"nir": "295109912611199", "address_1": 'Résidence "Les Iris"; bât. A'}
    furnished.take(2, {"landlords": [bad], "tenancies": [OTHER | {"aid_type": "X"}, TENANCY]})
    kept = SetAsideLine.objects.get(file__kind="landlords")
    assert b"295109912611199" not in bytes(kept.line)
    assert "295109912611199" not in kept.sentence
    assert "295109912611199" in open_(bytes(kept.line), kept.column)
    landlords, tenancies = files_of(2)
    assert "".join(given_back(landlords)).encode() == written("landlords", [bad])
    assert "".join(given_back(tenancies)).encode() == written("tenancies", [OTHER | {"aid_type": "X"}])
    # Mended and given again, it goes in.
    mended = "".join(given_back(tenancies)).replace(";X;", ";APL;").encode()
    furnished.take(3, {"tenancies": mended})
    assert counts(3, "tenancies") == {"added": 1}


def test_a_nir_and_an_iban_never_reach_a_table_in_clear(furnished: Inbox) -> None:
    furnished.take(2, {"landlords": [LANDLORD | {"iban": "FR7630006000011234567890189"}]})
    with connection.cursor() as cursor:
        for table in ("landlords_landlord", "landlords_thirdpartynumber", "identity_partner", "audit_entry"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ '295109912611193|30006000011234567890189'")
            assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT l.nir, p.person_index FROM landlords_landlord l JOIN identity_partner p ON p.id = l.partner_id"
            " WHERE l.nir IS NOT NULL"
        )
        nir, person = cursor.fetchone()
        assert open_(bytes(nir), nir_column(person)) == "295109912611193"
        cursor.execute(
            "SELECT iban, iban_last4, office_id, number FROM landlords_thirdpartynumber WHERE iban IS NOT NULL"
        )
        sealed, last4, *number = cursor.fetchone()
        assert (open_(bytes(sealed), iban_column(*number)), last4) == (
            "FR7630006000011234567890189",
            "0189",
        )


def test_a_line_settled_at_midnight_was_settled_that_day_in_paris(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.take(1, {"landlords": [LANDLORD | {"email": "rené@x.fr"}]})
    SetAsideLine.objects.update(settled_at=datetime(2026, 9, 1, 22, 30, tzinfo=UTC))
    (row,) = line_rows(DeliveryFile.objects.get())
    assert row[-1] == "2026-09-02"
