"""Deliveries as large as wanted, always the same for the same numbers: for the benchmarks and for trying an instance.

Nobody in them exists. A second delivery of the same size differs from the first by a chosen percentage of its rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from stdnum import luhn
from stdnum.fr import nir

OFFICES = (
    ("441", "44", "Loire-Atlantique", "44000", "NANTES"),
    ("751", "75", "Paris", "75011", "PARIS 11"),
    ("691", "69", "Rhône", "69003", "LYON 03"),
    ("341", "34", "Hérault", "34000", "MONTPELLIER"),
    ("311", "31", "Haute-Garonne", "31000", "TOULOUSE"),
    ("801", "80", "Somme", "80000", "AMIENS"),
)
NAMES = (
    "Garcia",
    "Dupont",
    "Le-Goff",
    "Thomas",
    "L’Hermite",
    "Çelik",
    "Nguyen",
    "D’Almeida",
    "Moreau",
    "Lefèvre",
    "Petit",
)
FIRST_NAMES = (
    "Cédric",
    "Claire",
    "Adam",
    "Maëlys",
    "Jean-Luc",
    "Noé",
    "Inès",
    "Hugo",
    "Élise",
    "Rayan",
    "Zoé",
    "Malik",
    "Luc",
)
STREETS = ("rue des Tilleuls", "avenue de la République", "place de l’Église", "quai du Port", "rue du 8-Mai-1945")
AIDS = ("APL", "ALF", "ALS")
CHUNK = 20_000
_SPREAD = 2_654_435_761
"""Knuth's multiplicative constant: scatters consecutive numbers, always the same way."""

HEADERS = {
    "offices": "caf_code;name;departments;address_1;address_2;postcode;city;email;landlord_email;phone;website",
    "landlords": "caf_code;tiers_number;nature;siret;nir;company_name;last_name;first_name;address_1;address_2;address_3;"
    "postcode;city;country;phone;email;user_number;iban;bic;account_holder;channel",
    "tenancies": "caf_code;claimant_number;tenancy_ref;tiers_number;title;last_name;first_name;address_1;address_2;postcode;"
    "city;aid_type;state_agreement;start_on;end_on;furnished;decency;floor_area_m2;lease_holders;rent_cents;charges_cents;"
    "direct_payment;aid_from;former_claimant_number",
    "payments": "payment_ref;caf_code;tiers_number;claimant_number;tenancy_ref;month;kind;amount_cents;paid_on;transfer_ref;"
    "reason_code",
}


@dataclass(frozen=True, slots=True)
class Volume:
    """How much to write. ``largest``: tenancies that belong to one landlord, the first; the others share the rest.

    ``changed_percent`` of the rows of tenancies and payments differ from those written with 0.
    """

    landlords: int
    tenancies: int
    payments: int = 0
    largest: int = 0
    changed_percent: float = 0

    def is_changed(self, index: int) -> bool:
        """Whether row ``index`` differs from the first delivery's."""
        return index * _SPREAD % 10_000 < self.changed_percent * 100


def write_delivery(folder: Path, volume: Volume, *, sequence: int = 1, mode: str = "full") -> Path:
    """Write delivery ``sequence`` under ``folder``, manifest last; returns its own folder."""
    target = folder / f"{sequence:06d}"
    target.mkdir(parents=True)
    wanted: tuple[tuple[str, int, Callable[[Volume, int], str]], ...] = (
        ("offices", len(OFFICES), _office),
        ("landlords", volume.landlords, _landlord),
        ("tenancies", volume.tenancies, _tenancy),
        ("payments", volume.payments, _payment),
    )
    files = []
    for kind, rows, line in wanted:
        if rows:
            sha256 = _write(target / f"{kind}.csv", HEADERS[kind], _lines(volume, rows, line))
            files.append({"name": f"{kind}.csv", "kind": kind, "mode": mode, "rows": rows, "sha256": sha256})
    produced_at = f"2026-{6 + min(sequence, 6):02d}-01T02:00:00+02:00"
    manifest = {"sequence": sequence, "produced_at": produced_at, "producer": "SI-VOLUME", "files": files}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return target


def _lines(volume: Volume, rows: int, line: Callable[[Volume, int], str]) -> Iterator[str]:
    for start in range(0, rows, CHUNK):
        yield "".join([line(volume, index) for index in range(start, min(rows, start + CHUNK))])


def _write(path: Path, header: str, chunks: Iterator[str]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chain([f"{header}\r\n"], chunks):
            content = chunk.encode()
            digest.update(content)
            file.write(content)
    return digest.hexdigest()


def _office(_volume: Volume, index: int) -> str:
    code, department, name, postcode, city = OFFICES[index]
    return (
        f"{code};Caf {name};{department};1 place de la Caf;;{postcode};{city};"
        f"contact@caf{department}.example;bailleurs@caf{department}.example;3230;\r\n"
    )


def _landlord(_volume: Volume, index: int) -> str:
    code, _, _, postcode, city = OFFICES[index % len(OFFICES)]
    street = f"{index % 190 + 1} {STREETS[index % len(STREETS)]}"
    name, first = NAMES[index % len(NAMES)], FIRST_NAMES[index % len(FIRST_NAMES)]
    user = f"{code}{index:07d}0V{index % 100:02d}"
    if index % 5 == 0:
        siren = f"{index + 10_000_000:08d}"
        siren += luhn.calc_check_digit(siren)
        siret = siren + "0001"
        siret += luhn.calc_check_digit(siret)
        who = f"M;{siret};;Gérance {name} {index};;"
    else:
        born = f"{1 + index % 2}{40 + index % 60:02d}{1 + index % 12:02d}{1 + index % 19:02d}{index // 900 % 900:03d}{index % 900:03d}"
        who = f"P;;{born}{nir.calc_check_digits(born)};;{name};{first}"
    return f"{code};{index:07d};{who};{street};;;{postcode};{city};FR;02 40 00 00 00;;{user};;;;portal\r\n"


def _landlord_of(volume: Volume, tenancy: int) -> int:
    """Scattered, as in life: neighbours in the file are not tenants of one landlord."""
    if tenancy < volume.largest:
        return 0
    return tenancy * _SPREAD % volume.landlords


def _tenancy(volume: Volume, index: int) -> str:
    landlord = _landlord_of(volume, index)
    code, _, _, postcode, city = OFFICES[landlord % len(OFFICES)]
    name, first = NAMES[index * 7 % len(NAMES)], FIRST_NAMES[index * 5 % len(FIRST_NAMES)]
    rent = 25_000 + index * 37 % 80_000 + (700 if volume.is_changed(index) else 0)
    year, month, day = 2010 + index % 16, 1 + index % 12, 1 + index % 28
    aid_year, aid_month = (year + 1, 1) if month == 12 else (year, month + 1)
    return (
        f"{code};{index:07d};L{index:07d};{landlord:07d};{'Mme' if index % 2 else 'M.'};{name};{first};"
        f"{index % 190 + 1} {STREETS[index % len(STREETS)]};{f'BATIMENT A ETAGE {index % 9}' if index % 3 == 0 else ''};"
        f"{postcode};{city};{AIDS[index % 3]};{int(index % 3 == 0)};{year}-{month:02d}-{day:02d};;{int(index % 4 == 0)};"
        f"{'unknown' if index % 40 == 0 else 'decent'};{15 + index % 100};{1 + (index % 12 == 0)};{rent};"
        f"{index * 13 % 12_000};{int(index % 4 == 1)};{aid_year}-{aid_month:02d}-01;\r\n"
    )


def _payment(volume: Volume, index: int) -> str:
    """Month after month, every tenancy in turn."""
    round_, tenancy = divmod(index, volume.tenancies)
    landlord = _landlord_of(volume, tenancy)
    code = OFFICES[landlord % len(OFFICES)][0]
    year, month = 2026 - (round_ + 5) // 12, 12 - (round_ + 5) % 12
    paid_year, paid_month = (year + 1, 1) if month == 12 else (year, month + 1)
    amount = 9_000 + tenancy * 11 % 22_000 + (500 if volume.is_changed(index) else 0)
    return (
        f"P{tenancy:07d}{year}{month:02d};{code};{landlord:07d};{tenancy:07d};L{tenancy:07d};{year}-{month:02d};aid;{amount};"
        f"{paid_year}-{paid_month:02d}-05;VIR{paid_year}{paid_month:02d}{landlord:07d};\r\n"
    )
