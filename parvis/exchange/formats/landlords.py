"""landlords.csv: one line per third-party number. Its NIR and IBAN are encrypted before they reach the database."""

from __future__ import annotations

from stdnum import iban as ibans
from stdnum.fr import nir as nirs
from stdnum.fr import siret as sirets

from parvis.exchange.formats.columns import choice, email, text
from parvis.exchange.formats.format import Absence, Circumstances, Format, FullFile, Prepared, RowCheck
from parvis.exchange.formats.offices import CAF_CODE, OFFICE_ARRIVED
from parvis.exchange.formats.tenancies import TIERS_NUMBER, address
from parvis.kit.encryption import blind_index, close
from parvis.kit.merging import Merged
from parvis.landlords.models import iban_column, nir_column
from parvis.landlords.services import feeds, feeds_numbers

_SEPA = """
AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA
"""
SEPA = frozenset(_SEPA.split())
"""Countries whose accounts a transfer in euros reaches. Overseas France writes FR."""


def prepare(line: dict[str, str]) -> Prepared:
    """Check SIRET, NIR and IBAN, encrypt the last two, say which landlord the line is (``Landlord.reference_key``)."""
    corporate = line["nature"] == "M"
    siret, nir, iban = line["siret"] if corporate else "", "" if corporate else line["nir"], line["iban"]
    if siret and not (len(siret) == 14 and sirets.is_valid(siret)):
        return Prepared(
            field="siret", fault="Ce SIRET n’est pas valable : vérifiez ses 14 chiffres, sa clé est fausse."
        )
    if nir and not (len(nir) == 15 and nirs.is_valid(nir)):
        return Prepared(field="nir", fault="Ce NIR n’est pas valable : vérifiez ses 15 caractères, sa clé est fausse.")
    if iban and not (iban == ibans.compact(iban) and ibans.is_valid(iban)):
        return Prepared(
            field="iban", fault="Cet IBAN n’est pas valable : vérifiez-le, ses chiffres de contrôle sont faux."
        )
    if iban and iban[:2] not in SEPA:
        return Prepared(
            field="iban", fault="Cet IBAN est d’un pays hors de la zone SEPA : donnez un compte de la zone SEPA."
        )
    nir_index = blind_index(nir, "nir") if nir else None
    return Prepared(
        {
            "nir": None,
            "iban": None,
            "reference_key": _reference_key(siret, nir_index, line),
            "nir_closed": close(nir, nir_column(nir_index)) if nir else None,
            "nir_index": nir_index,
            "iban_closed": close(iban, iban_column(line["caf_code"], line["tiers_number"])) if iban else None,
            "iban_index": blind_index(iban, "iban") if iban else None,
            "iban_last4": iban[-4:],
        }
    )


def _reference_key(siret: str, nir_index: bytes | None, line: dict[str, str]) -> str:
    if siret:
        return f"S:{siret}"
    if nir_index:
        return f"N:{nir_index.hex()}:{line['caf_code'][:3]}"
    return f"T:{line['caf_code'][:3]}{line['tiers_number'][:7]}"


def _merge(lines: str, apart: str, _circumstances: Circumstances) -> Merged:
    return feeds.merge_landlords(lines, apart)


def _note(lines: str) -> list[Absence]:
    return [Absence(*counted) for counted in feeds_numbers.note_absent_numbers(lines)]


LANDLORDS = Format(
    kind="landlords",
    title="bailleurs",
    columns=(
        CAF_CODE,
        TIERS_NUMBER,
        choice("nature", "P", "M"),
        text("siret", 14, hushed=True),
        text("nir", 15, secret=True),
        text("company_name", 160),
        text("last_name", 80),
        text("first_name", 80),
        *address(third_line=True),
        text("country", 2, pattern="[A-Z]{2}", expected="n’est pas un pays : écrivez son code ISO, par exemple FR."),
        text("phone", 20),
        text("phone_2", 20),
        email("email"),
        text(
            "user_number",
            14,
            required=True,
            pattern="[0-9A-Z]{14}",
            expected="n’est pas un numéro d’utilisateur : écrivez 14 chiffres ou lettres capitales.",
            hushed=True,
        ),
        text("iban", 34, secret=True),
        text(
            "bic",
            11,
            pattern="[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?",
            expected="n’est pas un BIC : écrivez 8 ou 11 chiffres ou lettres capitales.",
            hushed=True,
        ),
        text("account_holder", 160),
        choice("channel", "portal", "exchange", "paper", required=False),
    ),
    key=("caf_code", "tiers_number"),
    checks=(
        RowCheck(
            "company_name",
            "nature <> 'M' OR COALESCE(company_name, '') ~ '[^[:space:]\\u00a0\\u202f]'",
            "Un bailleur moral doit avoir un nom : complétez company_name.",
        ),
        RowCheck(
            "last_name",
            "nature <> 'P' OR COALESCE(last_name, '') ~ '[^[:space:]\\u00a0\\u202f]'",
            "Un bailleur particulier doit avoir un nom : complétez last_name.",
        ),
    ),
    merge=_merge,
    arrived=OFFICE_ARRIVED,
    full=FullFile("bailleurs", _note, feeds_numbers.end_absent_numbers),
    tables=("identity_partner", "landlords_landlord", "landlords_thirdpartynumber"),
    prepare=prepare,
    prepared_columns=(
        ("reference_key", "text"),
        ("nir_closed", "bytea"),
        ("nir_index", "bytea"),
        ("iban_closed", "bytea"),
        ("iban_index", "bytea"),
        ("iban_last4", "text"),
    ),
)
