"""Deliveries that are wrong as a whole: refused with a sentence, and nothing has changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parvis.exchange.inbound import stream, verification
from parvis.exchange.inbound.stream import LARGEST_RATIO
from parvis.exchange.models import Delivery, DeliveryFile
from parvis.exchange.services import inbound
from parvis.landlords.models import Office
from parvis.tenancies.models import Tenancy
from tests.exchange.inbox import BASE, TENANCY, Inbox, counts, told, written

pytestmark = pytest.mark.django_db
GOOD = written("tenancies", [TENANCY])


def content(changed: bytes) -> Callable[[Inbox], None]:
    """A delivery whose tenancies.csv holds these bytes; its manifest tells the truth about them."""

    def deliver(inbox: Inbox) -> None:
        inbox.deliver(2, {"tenancies": changed})

    return deliver


def told_wrong(**announced: object) -> Callable[[Inbox], None]:
    """A good file about which the manifest is wrong."""

    def deliver(inbox: Inbox) -> None:
        inbox.deliver(2, {"tenancies": GOOD}, announced=announced)

    return deliver


def manifest(**changes: object) -> Callable[[Inbox], None]:
    """A good file under another manifest."""

    def deliver(inbox: Inbox) -> None:
        inbox.deliver(2, {"tenancies": GOOD}, manifest=changes)

    return deliver


def damaged(change: Callable[[bytes], bytes], *, packed: bool = False) -> Callable[[Inbox], None]:
    """A file that something happened to after its manifest was written."""

    def deliver(inbox: Inbox) -> None:
        folder = inbox.deliver(2, {"tenancies": GOOD}, packed=packed)
        path = next(folder.glob("tenancies*"))
        path.write_bytes(change(path.read_bytes()))

    return deliver


def packed(raw: bytes) -> Callable[[Inbox], None]:
    """A gzip file the manifest tells the truth about."""

    def deliver(inbox: Inbox) -> None:
        folder = inbox.deliver(2, {"tenancies": GOOD}, packed=True)
        (folder / "tenancies.csv.gz").write_bytes(raw)
        told = json.loads((folder / "manifest.json").read_text())
        told["files"][0]["sha256"] = hashlib.sha256(raw).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(told))

    return deliver


def manifest_text(text: str) -> Callable[[Inbox], None]:
    """A manifest that says something else altogether."""

    def deliver(inbox: Inbox) -> None:
        (inbox.deliver(2, {"tenancies": GOOD}) / "manifest.json").write_text(text)

    return deliver


def linked(inbox: Inbox) -> None:
    """The file is a link to another one."""
    folder = inbox.deliver(2, {"tenancies": GOOD})
    (folder / "tenancies.csv").rename(inbox.folder / "elsewhere.csv")
    os.symlink(inbox.folder / "elsewhere.csv", folder / "tenancies.csv")


def missing(inbox: Inbox) -> None:
    (inbox.deliver(2, {"tenancies": GOOD}) / "tenancies.csv").unlink()


def column(name: str) -> bytes:
    return GOOD.replace(name.encode() + b";", b"", 1)


LONG = TENANCY | {"last_name": "M" * 10_000_000}

MALFORMED = {
    "truncated": (damaged(lambda raw: raw[:-20]), "n’a pas l’empreinte SHA-256 annoncée"),
    "a byte changed": (damaged(lambda raw: raw.replace(b"52500", b"52501")), "n’a pas l’empreinte SHA-256 annoncée"),
    "wrong checksum": (told_wrong(sha256="0" * 64), "n’a pas l’empreinte SHA-256 annoncée"),
    "row count wrong": (told_wrong(rows=7), "a 1 lignes sans l’en-tête, le manifeste en annonce 7"),
    "missing column": (content(column("start_on")), "n’a pas la colonne « start_on », qui est obligatoire"),
    "comma for semicolon": (content(GOOD.replace(b";", b",")), "n’est pas une ligne de noms de colonnes séparés par « ; »"),
    "other names": (content(GOOD.replace(b"aid_type;state_agreement", b"aide;conv")), "n’a pas les colonnes obligatoires aid_type"),
    "lone carriage returns": (content(GOOD.replace(b"\r\n", b"\r")), "se terminent par un retour chariot seul"),
    "column twice": (content(GOOD.replace(b"title;", b"city;", 1)), "a deux colonnes « city »"),
    "wrong encoding": (content(GOOD.replace(b"Moreau", "Orléans".encode("latin-1"))), "la ligne 2 contient l’octet 0xe9"),
    "cut inside a letter": (content(GOOD.rstrip() + b"\xc3"), "n’est pas en UTF-8"),
    "10 MB field": (content(written("tenancies", [LONG])), "une ligne de plus de 65536 octets (ligne 2)"),
    "10 MB in quotes": (content(GOOD.replace(b"Moreau", b'"' + b"M\n" * 5_000_000 + b'"')), "un champ de plus de 65536 octets"),
    "quote never closed": (content(GOOD.replace(b"Moreau", b'"Moreau')), "un guillemet n’est pas fermé"),
    "empty file": (content(b""), "est vide"),
    "not a gzip": (packed(GOOD), "n’est pas un gzip valable"),
    "damaged gzip": (packed(gzip.compress(GOOD)[:-12]), "est coupé avant la fin du gzip"),
    "gzip bomb": (packed(gzip.compress(b"0;0\r\n" * 10_000_000)), f"plus de {LARGEST_RATIO} fois sa taille"),
    "gzip damaged on the way": (damaged(lambda raw: raw[:-12], packed=True), "n’a pas l’empreinte SHA-256 annoncée"),
    "file missing": (missing, "n’est pas dans le dossier"),
    "a link": (linked, "ne peut pas être lu (lien, droits ou disque)"),
    "manifest cut": (manifest_text('{"sequence": 2, "prod'), "n’est pas un JSON lisible"),
    "manifest not an object": (manifest_text("[]"), "doit être un objet JSON"),
    "manifest nested": (manifest_text("[" * 30_000), "n’est pas un JSON lisible"),
    "manifest enormous": (manifest_text(" " * 70_000), "ce n’est pas un manifeste"),
    "other sequence": (manifest(sequence=3), "annonce la livraison 3, son dossier s’appelle 000002"),
    "sequence as text": (manifest(sequence="2"), "« sequence » manque"),
    "no offset": (manifest(produced_at="2026-08-01T02:00:00"), "« produced_at » doit être un moment avec son décalage"),
    "no producer": (manifest(producer=None), "« producer » manque"),
    "no files": (manifest(files=[]), "« files » manque ou est vide"),
    "file as text": (manifest(files=["tenancies.csv"]), "chaque fichier est un objet"),
    "unknown kind": (told_wrong(kind="tenants"), "d’une nature inconnue (« tenants »)"),
    "unknown mode": (told_wrong(mode="partial"), "le mode de tenancies.csv doit être delta ou full"),
    "path as name": (told_wrong(name="../tenancies.csv"), "le nom de fichier « ../tenancies.csv » n’est pas admis"),
    "rows as text": (told_wrong(rows="1"), "« rows » de tenancies.csv"),
    "checksum as number": (told_wrong(sha256=12), "« sha256 » de tenancies.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_delivery_is_refused_and_changes_nothing(furnished: Inbox, name: str) -> None:
    deliver, sentence = MALFORMED[name]
    before = Tenancy.objects.values_list()[0]
    deliver(furnished)
    furnished.deliver(3, {"tenancies": GOOD})
    already, report = furnished.take_in()
    assert already.state == "loaded"
    assert (report.sequence, report.state) == (2, "refused")
    assert sentence in report.sentence.replace("\u00a0", " "), report.sentence
    assert [tuple(row) for row in Tenancy.objects.values_list()] == [before]
    refused = Delivery.objects.get(sequence=2)
    assert (refused.state, refused.sentence) == ("refused", report.sentence)
    assert DeliveryFile.objects.filter(delivery__sequence__gt=1).count() == 0
    # Told once in the register, however often the import runs.
    furnished.take_in()
    assert Delivery.objects.filter(sequence=2).count() == 1


def test_a_mended_delivery_is_taken_and_those_that_waited_follow(furnished: Inbox) -> None:
    content(b"")(furnished)
    furnished.deliver(3, {"tenancies": [TENANCY | {"rent_cents": "53000"}]})
    assert [report.state for report in furnished.take_in()] == ["loaded", "refused"]
    furnished.deliver(2, {"tenancies": [TENANCY | {"rent_cents": "52700"}]})
    assert [report.state for report in furnished.take_in()] == ["loaded", "loaded", "loaded"]
    assert Tenancy.objects.get().rent_cents == 53_000


def test_without_a_manifest_nothing_has_arrived_yet(furnished: Inbox) -> None:
    (furnished.deliver(2, {"tenancies": GOOD}) / "manifest.json").unlink()
    assert [report.sequence for report in furnished.take_in()] == [1]
    assert not Delivery.objects.filter(sequence=2).exists()


def test_a_gap_is_told_and_closes_when_the_missing_one_comes(furnished: Inbox) -> None:
    furnished.deliver(3, {"tenancies": [TENANCY | {"rent_cents": "53000"}]})
    report = furnished.take_in()[-1]
    assert (report.sequence, report.state) == (3, "refused")
    assert "La livraison 000002 manque" in report.sentence
    furnished.deliver(2, {"tenancies": GOOD})
    assert [report.state for report in furnished.take_in()] == ["loaded"] * 3


def test_yesterday_s_delivery_ten_times_is_nothing_to_do(furnished: Inbox) -> None:
    for _ in range(10):
        (report,) = furnished.take_in()
        assert (report.state, report.sentence) == ("loaded", "Déjà chargée, rien à faire.")
    assert Delivery.objects.count() == 1


def test_a_loaded_number_with_another_content_is_refused_and_later_ones_go_on(furnished: Inbox) -> None:
    furnished.deliver(1, {"tenancies": [TENANCY | {"rent_cents": "1"}]})
    furnished.deliver(2, {"tenancies": [TENANCY | {"rent_cents": "53000"}]})
    first, second = furnished.take_in()
    assert (first.state, second.state) == ("refused", "loaded")
    assert "déjà chargée avec un autre contenu" in first.sentence
    assert Tenancy.objects.get().rent_cents == 53_000


def test_a_file_that_cannot_be_read_in_full_never_ends_anybody(inbox: Inbox, db: None) -> None:
    """T67: cut anywhere, a full file is refused; the population does not change."""
    assert inbox.take(1, dict(BASE)).state == "loaded"
    raw = written("tenancies", [TENANCY] + [TENANCY | {"claimant_number": f"16{n:05d}"} for n in range(50)])
    for tenth in range(10):
        folder = inbox.deliver(2, {"tenancies": raw}, mode="full")
        (folder / "tenancies.csv").write_bytes(raw[: len(raw) * tenth // 10])
        assert inbox.take_in()[-1].state == "refused"
        assert Tenancy.objects.filter(absent_since=None).count() == 1


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("byte order mark", b"\xef\xbb\xbf" + GOOD),
        ("LF", GOOD.replace(b"\r\n", b"\n")),
        ("CRLF and LF", GOOD.replace(b"\r\n", b"\n", 1)),
        ("no last line end", GOOD.rstrip()),
        ("blank lines", GOOD + b"\r\n\r\n"),
        ("all quoted", b"\r\n".join(b";".join(b'"' + v + b'"' for v in line.split(b";")) for line in GOOD.split()[:1]) + b"\r\n"
         + b";".join(b'"' + v + b'"' for v in GOOD.split(b"\r\n")[1].split(b";")) + b"\r\n"),
        ("columns moved", written("tenancies", [TENANCY], header=reversed(TENANCY))),
    ],
)  # fmt: skip
def test_other_ways_of_writing_the_same_file_are_understood(furnished: Inbox, name: str, raw: bytes) -> None:
    assert furnished.take(2, {"tenancies": raw}, announced={"rows": 1}).state == "loaded"
    assert counts(2, "tenancies") == {"unchanged": 1}, name


def test_a_packed_file_is_taken(furnished: Inbox) -> None:
    assert furnished.take(2, {"tenancies": [TENANCY | {"rent_cents": "53000"}]}, packed=True).state == "loaded"
    assert counts(2, "tenancies") == {"changed": 1}


def test_unknown_columns_are_ignored_with_a_warning(furnished: Inbox) -> None:
    raw = written("tenancies", [TENANCY | {"colour": "red", "rent_cents": "53000"}], header=["colour", *TENANCY])
    assert furnished.take(2, {"tenancies": raw}).state == "loaded"
    file = DeliveryFile.objects.get(delivery__sequence=2)
    assert (file.changed, file.warnings) == (1, ["Colonnes inconnues, ignorées\u00a0: colour."])


def test_a_file_that_changes_between_its_verification_and_its_loading_is_not_loaded(
    furnished: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = furnished.deliver(2, {"tenancies": [TENANCY | {"rent_cents": "53000"}]})
    real = verification.verify

    def then_changed(*given: Any) -> list[verification.Verified]:
        verified = real(*given)
        path = folder / "tenancies.csv"
        path.write_bytes(path.read_bytes().replace(b"53000", b"99999"))
        return verified

    monkeypatch.setattr(inbound, "verify", then_changed)
    report = furnished.take_in()[-1]
    assert report.state == "loading"
    assert "a changé pendant le chargement" in report.sentence
    assert Tenancy.objects.get().rent_cents == 52_500


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(1 << 16)
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(noise * 4) + gzip.compress(b"0" * 300_000_000))
    tracemalloc.start()
    with stream.opened(path) as file, pytest.raises(Exception, match="fois sa taille"):
        for _ in stream.unpacked(file, path.name, hashlib.sha256()):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_the_office_is_there(furnished: Inbox) -> None:
    assert Office.objects.get().name == "Caf de la Loire-Atlantique"
    assert told(1) == []
