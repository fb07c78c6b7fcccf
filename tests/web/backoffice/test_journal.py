"""The journal, as those who answer for it read it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from parvis.agents.posts import Role
from parvis.audit import extracts, sealing, verifying
from parvis.audit.journal import Event, record
from parvis.audit.models import Entry, Seal
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.merging import execute
from parvis.web.backoffice.desk.noted import WORDS, told
from tests.factories.agents import colleague
from tests.factories.landlords import landlord, office

pytestmark = pytest.mark.django_db
NOTED = Event("tests.noted", "Chose notée pour l’essai")
NOW = datetime.now(UTC)


def _note(subject: str, *, at: datetime = NOW, by: Actor | None = None) -> None:
    with transaction.atomic():
        record(NOTED, subject=subject, by=by or Actor(ActorKind.SYSTEM, "essai"), at=at, why="pour voir")


def test_today_is_shown_first_and_older_days_when_asked() -> None:
    _note("AUJOURDHUI")
    _note("AVANT-HIER", at=NOW - timedelta(days=2))
    browser = colleague().browser()
    page = browser.get("/agents/journal/").content.decode()
    assert "AUJOURDHUI" in page
    assert "Chose notée pour l’essai" in page
    assert "AVANT-HIER" not in page
    since = (NOW - timedelta(days=3)).strftime("%d/%m/%Y")
    assert "AVANT-HIER" in browser.get("/agents/journal/", {"since": since}).content.decode()


def test_it_is_narrowed_by_who_what_and_which() -> None:
    _note("UN")
    _note("DEUX", by=Actor(ActorKind.SYSTEM, "autre"))
    browser = colleague().browser()
    for asked, found, left in (
        ({"subject": "UN"}, "UN</span>", "DEUX"),
        ({"label": "autre"}, "DEUX", "UN</span>"),
    ):
        page = browser.get("/agents/journal/", asked).content.decode()
        assert found in page
        assert left not in page
    assert "Rien pour cette recherche" in browser.get("/agents/journal/", {"event": "agents.closed"}).content.decode()


def test_whatever_narrows_a_file_is_noted_with_it() -> None:
    landlord_id = str(landlord().pk)
    asked = {"event": "tests.noted", "label": "essai", "subject": "UN", "bailleur": landlord_id}
    _note("UN")
    assert colleague().browser().post(f"/agents/journal/telecharger/?{urlencode(asked)}").status_code == 200
    found = Entry.objects.get(event="agents.journal_exported").details
    assert found["search"] == {"event": "tests.noted", "label": "essai", "subject": "UN", "partner": landlord_id}
    assert "dossier UN" in told({"search": found["search"]}).removeprefix("recherche\u00a0: ")


def test_a_search_that_names_nobody_holds_in_a_month() -> None:
    browser = colleague().browser()
    wide = {"since": "01/01/2024", "until": "31/12/2025"}
    assert "Un mois au plus" in browser.get("/agents/journal/", wide).content.decode()
    assert "Un mois au plus" not in browser.get("/agents/journal/", {**wide, "label": "x"}).content.decode()
    turned = {"since": "02/02/2026", "until": "01/02/2026"}
    assert "Le premier jour vient avant le dernier." in browser.get("/agents/journal/", turned).content.decode()


def test_pages_follow_each_other_without_a_gap() -> None:
    for number in range(60):
        _note(f"N-{number:02d}")
    browser = colleague().browser()
    first = browser.get("/agents/journal/", {"label": "essai"}).content.decode()
    assert "N-59" in first
    assert "N-09" not in first
    oldest = Entry.objects.get(subject="N-10").pk
    second = browser.get("/agents/journal/", {"label": "essai", "avant": str(oldest)}).content.decode()
    assert "N-09" in second
    assert "N-10" not in second


def test_an_office_reads_of_its_own_landlords_only() -> None:
    office("261", "Caf de la Drôme")
    here, there = landlord(), landlord(office_code="261")
    _note("ICI", by=Actor(ActorKind.SYSTEM, "essai", partner_id=here.pk))
    _note("LA-BAS", by=Actor(ActorKind.SYSTEM, "essai", partner_id=there.pk))
    _note("PERSONNE")
    page = colleague((Role.RIGHTS_OFFICER, "441")).browser().get("/agents/journal/").content.decode()
    assert "ICI" in page
    assert "LA-BAS" not in page
    assert "PERSONNE" not in page


def test_what_leaves_as_a_file_is_noted() -> None:
    _note("UN")
    browser = colleague().browser()
    answer = browser.post("/agents/journal/telecharger/?label=essai")
    assert "journal-" in answer.headers["Content-Disposition"]
    content = answer.getvalue().decode("utf-8-sig")
    assert content.splitlines()[1].split(";")[4] == "Chose notée pour l’essai"
    assert Entry.objects.get(event="agents.journal_exported").details["search"] == {"label": "essai"}
    assert browser.get("/agents/journal/telecharger/?label=essai").status_code == 302


@pytest.mark.parametrize(
    "asked", [{"since": "31/12/9999", "until": "31/12/9999"}, {"since": "01/01/0001", "label": "x"}]
)
def test_days_nobody_lived_are_refused_in_words(asked: dict[str, str]) -> None:
    answer = colleague().browser().get("/agents/journal/", asked)
    assert answer.status_code == 200
    assert "Choisissez des jours passés." in answer.content.decode()


@pytest.mark.parametrize("address", ["/agents/coordonnees-bancaires/a%00b/", "/agents/courriers/lots/a%00b/"])
def test_a_null_character_finds_nothing(address: str) -> None:
    both = colleague((Role.CASEWORKER, ""), (Role.NATIONAL_ADMINISTRATOR, "")).browser()
    assert both.get(address).status_code == 404


def test_a_null_character_that_is_asked_for_is_left_out() -> None:
    both = colleague((Role.CASEWORKER, ""), (Role.NATIONAL_ADMINISTRATOR, "")).browser()
    for address in ("/agents/coordonnees-bancaires/", "/agents/declarations/", "/agents/journal/"):
        assert both.get(address, {"apres": "\0", "subject": "a\0b"}).status_code == 200


def test_details_are_told_in_french() -> None:
    with transaction.atomic():
        by = Actor(ActorKind.SYSTEM, "essai")
        record(
            NOTED,
            subject="UN",
            by=by,
            at=NOW,
            reason="appel",
            by_post=False,
            posts=["reception:441", "caseworker:"],
            note="",
        )
    page = colleague().browser().get("/agents/journal/").content.decode()
    for words in (
        "motif\u00a0: appel",
        "par courrier\u00a0: non",
        "rôles\u00a0: Accueil (441), Gestionnaire (toutes les caisses)",
    ):
        assert words in page
    assert "note\u00a0:" not in page


class TestTheChain:
    """Whoever reads the journal is told when its chain was last verified, and what was found."""

    def test_before_any_look_it_says_so(self) -> None:
        assert "pas encore été vérifiée" in colleague().browser().get("/agents/journal/").content.decode()

    def test_intact(self) -> None:
        _note("UN")
        sealing.seal(at=NOW)
        assert verifying.check(at=NOW) is None
        page = colleague().browser().get("/agents/journal/").content.decode()
        assert ": intacte." in page.replace("\u00a0", " ")

    def test_broken(self) -> None:
        _note("UN")
        sealing.seal(at=NOW)
        execute("ALTER TABLE audit_entry DISABLE TRIGGER USER", [])
        Entry.objects.filter(subject="UN").update(subject="AUTRE")
        execute("ALTER TABLE audit_entry ENABLE TRIGGER USER", [])
        assert verifying.check(at=NOW) is not None
        page = colleague().browser().get("/agents/journal/").content.decode()
        assert "rompue" in page
        assert "n’est plus ce qu’elle était" in page


class TestExtracts:
    """A file that left proves itself when it comes back."""

    @staticmethod
    def _extract() -> bytes:
        _note("UN")
        _note("DEUX")
        sealing.seal(at=NOW)
        answer = colleague().browser().post("/agents/journal/telecharger/?label=essai")
        return answer.getvalue()

    def test_what_left_is_true(self) -> None:
        content = self._extract()
        found = extracts.check(BytesIO(content))
        entries = list(Entry.objects.filter(actor_label="essai").order_by("pk").values_list("pk", flat=True))
        assert (found.count, found.first, found.last, found.complete) == (2, entries[0], entries[-1], True)
        newest = Seal.objects.latest("number")
        assert (found.seal, found.mac) == (newest.number, bytes(newest.mac).hex())
        assert Entry.objects.get(event="agents.journal_exported").details["sha256"] == found.sha256

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("DEUX", "TROIS"),
            ("entrées 2", "entrées 3"),
            ("complet;", "incomplet;"),
            ("signature ", "signature 0"),
            ("\r\nFin", "\nFin"),
        ],
    )
    def test_a_changed_sign_is_found_out(self, before: str, after: str) -> None:
        content = self._extract().decode()
        assert before in content
        with pytest.raises(extracts.ExtractNotAuthentic):
            extracts.check(BytesIO(content.replace(before, after, 1).encode()))

    @pytest.mark.parametrize("content", [b"", b"x", b"\r\nFin de l\xe2\x80\x99extrait;\r\n", b"\xff\xfe"])
    def test_another_file_is_none_of_ours(self, content: bytes) -> None:
        with pytest.raises(extracts.ExtractNotAuthentic):
            extracts.check(BytesIO(content))

    def test_a_line_taken_out_is_found_out(self) -> None:
        lines = self._extract().split(b"\r\n")
        del lines[1]
        with pytest.raises(extracts.ExtractNotAuthentic):
            extracts.check(BytesIO(b"\r\n".join(lines)))

    def test_a_seal_that_is_no_more_is_told(self) -> None:
        content = self._extract()
        execute("ALTER TABLE audit_seal DISABLE TRIGGER USER", [])
        Seal.objects.all().delete()
        with pytest.raises(extracts.ExtractNotAuthentic, match="n’est plus celui du journal"):
            extracts.check(BytesIO(content))

    def test_an_empty_search_is_signed_too(self) -> None:
        answer = colleague().browser().post("/agents/journal/telecharger/?label=personne")
        found = extracts.check(BytesIO(answer.getvalue()))
        assert (found.count, found.first, found.last) == (0, 0, 0)

    def test_the_command_says_what_it_is(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kept = tmp_path / "journal.csv"
        kept.write_bytes(self._extract())
        call_command("verify_extract", str(kept))
        assert "Extrait authentique" in capsys.readouterr().out
        kept.write_bytes(kept.read_bytes().replace(b"DEUX", b"TROIS"))
        with pytest.raises(CommandError, match="Une ligne a été changée"):
            call_command("verify_extract", str(kept))
        with pytest.raises(CommandError, match="FAUX"):
            call_command("verify_extract", str(tmp_path / "rien.csv"))

    @pytest.mark.parametrize("sign", ["é".encode(), b"\xff"])
    def test_a_signature_of_other_signs_is_not_ours(self, sign: bytes) -> None:
        content = self._extract()
        with pytest.raises(extracts.ExtractNotAuthentic, match="signature"):
            extracts.check(BytesIO(content[: -len(b"\r\n") - len(sign)] + sign + b"\r\n"))


class TestWords:
    """Details are read in French, whatever a room notes."""

    def test_what_agents_do_reads_as_they_say_it(self) -> None:
        said = told({"reason": "Appel", "by_post": True, "in_spite": False, "browser": "", "left": 0})
        assert said == "motif : Appel · par courrier : oui · malgré le courrier en route : non · restants : 0".replace(
            " :", "\u00a0:"
        )

    def test_days_roles_kinds_and_cents(self) -> None:
        said = told({
            "received_on": "2026-07-20", "posts": ["reception:441", "national_administrator:"], "kinds": ["july_rent"],
            "cost_cents": 123_456, "after": {"rights": ["declare"], "end_on": None}, "before": None,
        }).replace("\u00a0", " ")  # fmt: skip
        assert "reçu le : 20/07/2026" in said
        assert "Accueil (441), Administrateur national (toutes les caisses)" in said
        assert "types : Déclaration de loyer" in said
        assert "coût : 1234,56 €" in said
        assert "après : droits Déclarer" in said
        assert "avant" not in said

    def test_every_detail_that_any_room_notes_has_its_words(self) -> None:
        noted = {
            keyword.arg
            for path in Path("parvis").rglob("*.py")
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(call, ast.Call)
            and getattr(call.func, "id", getattr(call.func, "attr", "")) in ("record", "record_many")
            for keyword in call.keywords
            if keyword.arg and keyword.arg not in ("subject", "subjects", "by", "at")
        }
        assert len(noted) > 60
        assert sorted(noted - set(WORDS)) == []
