"""People, messages, and what holds of every table: every way to break what must be true of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Max, Min

from parvis.agents.models import AgentSession
from parvis.audit.models import Entry
from parvis.correspondence.models import LetterBatch, Message
from parvis.declarations.models import Receipt
from parvis.identity.models import Credential, FreezeLink, MailboxLetter, OneTimeCode, Session
from parvis.landlords.models import Invitation
from tests.factories.agents import colleague
from tests.factories.correspondence import batched, letter
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy, transfer_of
from tests.upkeep.breaking import AT, breaks, by_force, first, row

LETTER_OF_A_LOST_MAILBOX = (
    "La lettre de qui a perdu sa boîte mail a servi faite, dans son temps, et une seule à la fois."
)


@breaks("Chaque accusé a son entrée au journal, et une seule.")
def a_receipt_was_never_recorded(_: Owner) -> str:
    by_force(
        "DELETE FROM audit_entry WHERE event = 'declarations.submitted'", "UPDATE declarations_receipt SET at = now()"
    )
    return first(Receipt)


@breaks("Un message envoyé a son moment, un message retenu en attend un autre.")
def a_message_was_sent_at_no_moment(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET state = 'sent', sent_at = NULL")
    return first(Message)


@breaks("Aucun message n’attend plus celui qui le précédait, s’il est parti.")
def the_second_letter_waits_for_one_that_has_left(_: Owner) -> str:
    one = letter()
    two = letter(after=one)
    by_force(f"UPDATE correspondence_message SET state = 'sent', sent_at = now() WHERE id = {one.pk}")
    return row(two)


@breaks("Chaque lettre envoyée a un numéro, et un seul message le porte.")
def a_letter_was_sent_without_number(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET channel = 'letter', state = 'sent', sent_at = now(), number = ''")
    return first(Message)


@breaks("Chaque lettre d’un lot est faite, et son lot en compte autant.")
def a_letter_of_a_batch_was_never_made(_: Owner) -> str:
    waits = letter()
    batched(waits)
    return row(waits)


@breaks("Chaque lettre d’un lot est faite, et son lot en compte autant.")
def a_batch_lost_its_letters(_: Owner) -> str:
    batch = batched()
    LetterBatch.objects.update(count=2)
    return row(batch)


@breaks("Un mot de passe n’est jamais dans le lot de son identifiant.")
def both_letters_travel_together(_: Owner) -> str:
    one = letter()
    two = letter(after=one)
    batched(one, two)
    return row(two)


@breaks("Un code a cinq essais au plus, et ne sert ni deux fois, ni remplacé, ni après sa fin.")
def a_code_was_tried_six_times(_: Owner) -> str:
    session = Session.objects.get()
    code = OneTimeCode.objects.create(
        purpose="sign_in", session=session, credential_version=1, email="a@b.example", asked_at=AT, expires_at=AT
    )
    by_force("UPDATE identity_onetimecode SET tries = 6")
    return row(code)


def _code(**fields: Any) -> OneTimeCode:
    known: dict[str, Any] = {"purpose": "sign_in", "session": Session.objects.get(), "credential_version": 1}
    return OneTimeCode.objects.create(email="a@b.example", asked_at=AT, expires_at=AT, **known, **fields)


@breaks("Un code qui a servi avait été envoyé, et a été tapé.")
def a_code_served_that_nobody_was_sent(_: Owner) -> str:
    return row(_code(used_at=AT, tries=1))


@breaks("Une session n’attend qu’un code par usage.")
def two_codes_are_live_at_once(_: Owner) -> str:
    _code()
    two = _code(replaced_at=AT)
    by_force("UPDATE identity_onetimecode SET replaced_at = NULL")
    return row(two)


@breaks("Un mot de passe provisoire existe, et n’est plus que si personne n’en a choisi un autre.")
def a_provisional_password_outlives_the_one_that_was_chosen(who: Owner) -> str:
    told = {"password": "x", "password_changed_at": AT, "provisional_until": AT}
    Credential.objects.filter(pk=who.account.credential_id).update(**told)
    return f"identity_credential {who.account.credential_id}"


@breaks("Aucune visite n’a commencé par un mot de passe provisoire qui n’était plus valable.")
def a_provisional_password_opened_after_its_end(_: Owner) -> str:
    by_force("UPDATE identity_credential SET provisional_until = now() - interval '1 day'")
    return first(Session)


@breaks(LETTER_OF_A_LOST_MAILBOX)
def a_letter_served_after_its_end(who: Owner) -> str:
    told = {"secret_hash": "x", "asked_at": AT, "expires_at": AT, "used_at": AT + timedelta(days=1)}
    return row(MailboxLetter.objects.create(credential=who.account.credential, credential_version=1, **told))


@breaks(LETTER_OF_A_LOST_MAILBOX)
def two_letters_served_for_one_version(who: Owner) -> str:
    told = {"secret_hash": "x", "asked_at": AT, "expires_at": AT, "used_at": AT}
    one, two = (
        MailboxLetter.objects.create(credential=who.account.credential, credential_version=1, **told) for _ in "12"
    )
    return max(row(one), row(two))


@breaks("Un lien qui bloque a servi fait, et dans son temps.")
def a_link_served_after_its_end(who: Owner) -> str:
    told = {"token_hash": b"x", "made_at": AT, "expires_at": AT, "used_at": AT + timedelta(days=1)}
    return row(FreezeLink.objects.create(credential=who.account.credential, because="x", **told))


@breaks("Aucune session vivante n’est d’un accès bloqué ou fermé.")
def a_frozen_identity_is_in(who: Owner) -> str:
    Credential.objects.filter(pk=who.account.credential_id).update(frozen_at=AT)
    return first(Session)


@breaks("Aucune session vivante n’est d’un accès bloqué ou fermé.")
def a_closed_account_is_in(_: Owner) -> str:
    by_force("UPDATE identity_account SET state = 'disabled'")
    return first(Session)


@breaks("Aucune session vivante n’est d’un accès bloqué ou fermé.")
def an_agent_who_left_is_in(_: Owner) -> str:
    colleague().browser()
    by_force("UPDATE agents_agent SET state = 'disabled'")
    return first(AgentSession)


@breaks("Une adresse mail prouvée est celle d’une seule identité.")
def a_mailbox_is_proved_by_two(_: Owner) -> str:
    owner()
    by_force("UPDATE identity_credential SET email = 'deux@agence.example', email_proved_at = now()")
    return f"identity_credential {Credential.objects.aggregate(last=Max('pk'))['last']}"


@breaks("Une identité partagée a une adresse prouvée, et des comptes de partenaires différents.")
def a_shared_identity_has_no_mailbox(who: Owner) -> str:
    owner()
    by_force(
        f"UPDATE identity_account SET credential_id = {who.account.credential_id}",
        "UPDATE identity_credential SET email = NULL, email_proved_at = NULL",
    )
    return f"identity_credential {who.account.credential_id}"


@breaks("Une identité ne réunit des personnes physiques que si c’est la même personne.")
def two_persons_share_an_identity(who: Owner) -> str:
    owner()
    by_force(
        f"UPDATE identity_account SET credential_id = {who.account.credential_id}",
        "UPDATE identity_partner SET nature = 'individual', person_index = sha256(id::text::bytea)",
    )
    return f"identity_credential {who.account.credential_id}"


@breaks("Aucune session n’est d’une version de l’identité qui n’existe pas encore.")
def a_session_is_of_a_version_to_come(_: Owner) -> str:
    by_force("UPDATE identity_session SET credential_version = 99")
    return first(Session)


@breaks("Aucune session n’est d’une version de l’identité qui n’existe pas encore.")
def a_session_of_an_agent_is_of_a_version_to_come(_: Owner) -> str:
    colleague().browser()
    by_force("UPDATE agents_agentsession SET agent_version = 99")
    return first(AgentSession)


@breaks("Un organisme qui a eu un administrateur en a un d’actif.")
def nobody_administers_any_more(who: Owner) -> str:
    by_force("""UPDATE landlords_habilitation SET ended_at = now() WHERE "right" = 'administer'""")
    return f"landlords_landlord {who.landlord.pk}"


@breaks("Un partenaire n’a jamais eu qu’un administrateur par première connexion.")
def two_came_first(who: Owner) -> str:
    owner(who.landlord)
    by_force(
        "UPDATE landlords_habilitation h SET granted_by = a.login_id, granted_at = a.opened_at FROM identity_account a"
        " WHERE a.id = h.account_id"
    )
    return f"identity_partner {who.landlord.pk}"


@breaks("Le journal est tel qu’il a été écrit, du premier maillon aux sceaux sortis de la machine.")
def an_entry_of_the_journal_was_changed(_: Owner) -> str:
    by_force("UPDATE audit_entry SET actor_label = 'un autre'")
    return f"audit_entry {Entry.objects.aggregate(least=Min('pk'))['least']}"


@breaks("Aucun IBAN ni NIR entier n’est en clair.")
def a_nir_stands_in_clear(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET body = 'Votre numéro 295109912611193 est là'")
    return first(Message)


@breaks("Aucun IBAN ni NIR entier n’est en clair.")
def a_nir_of_corsica_stands_in_groups(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET body = 'Votre numéro 2 95 10 2A 126 111 93 est là'")
    return first(Message)


@breaks("Aucun IBAN ni NIR entier n’est en clair.")
def an_iban_stands_in_clear(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET body = 'Sur FR76 3000 6000 0112 3456 7890 189'")
    return first(Message)


@breaks("Aucun message gardé ne montre le code ou le mot de passe qu’il a porté.")
def a_code_stands_in_the_mail_that_is_kept(_: Owner) -> str:
    by_force(
        "UPDATE correspondence_message SET secret = 'one_time_code', subject = '123 456 est votre code',"
        " body = 'Code : 123 456'"
    )
    return first(Message)


@breaks("Un virement du mois vaut la somme de ses lignes.")
def a_transfer_is_more_than_its_lines(who: Owner) -> str:
    paid = transfer_of(payment(tenancy(who.landlord), AT.date().replace(day=1), 12_000, paid_on=AT.date()))
    by_force("UPDATE tenancies_transfer SET aid_cents = 13000")
    return row(paid)


@breaks("Aucun message dû n’attend depuis plus d’un jour.")
def a_message_waits_for_days(_: Owner) -> str:
    Message.objects.update(state="due", due_at=AT - timedelta(days=3))
    return first(Message)


@breaks("Aucune invitation acceptée n’a été annulée avant.")
def an_invitation_was_accepted_after_its_end(who: Owner) -> str:
    told = {"invited_at": AT, "expires_at": AT, "accepted_at": AT + timedelta(days=1)}
    made = Invitation.objects.create(
        account=who.account, invited_by=who.account, email="a@b.example", rights=[], **told
    )
    return row(made)


@breaks("Tous les instants portent leur fuseau.")
def a_moment_has_no_zone(_: Owner) -> str:
    by_force("ALTER TABLE kit_work_date ADD COLUMN noticed timestamp")
    return "kit_work_date.noticed"


@breaks("Rien n’est gardé plus longtemps que sa durée.")
def an_old_message_was_kept(_: Owner) -> str:
    by_force("UPDATE correspondence_message SET state = 'sent', sent_at = now() - interval '9 years'")
    return first(Message)


@breaks("Chaque table a sa durée, ou ce qui la fait garder.")
def a_table_that_nobody_decided_about(_: Owner) -> str:
    by_force("CREATE TABLE notes_of_agents (id int, note text)")
    return "notes_of_agents"


@breaks("Aucune référence ne mène à rien.")
def a_reference_leads_nowhere(_: Owner) -> str:
    by_force(
        "UPDATE declarations_declaration SET tenancy_id = -1 WHERE id = (SELECT min(id) FROM declarations_declaration)"
    )
    return "declarations_declaration"
