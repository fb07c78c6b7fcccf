"""Codes, provisional passwords, letters and links: each proves one thing, once, in its time, and stands in clear nowhere."""

from __future__ import annotations

from parvis.correspondence.secrets import MASK
from parvis.upkeep.invariants.invariant import none_of

PROOFS = (
    none_of("I7", "Un code a cinq essais au plus, et ne sert ni deux fois, ni remplacé, ni après sa fin.", """
      SELECT 'identity_onetimecode ' || id FROM identity_onetimecode
      WHERE tries > 5 OR used_at > expires_at OR used_at > replaced_at"""),
    none_of("I7", "Un code qui a servi avait été envoyé, et a été tapé.", """
      SELECT 'identity_onetimecode ' || id FROM identity_onetimecode
      WHERE used_at IS NOT NULL AND (tries < 1 OR code_hash IS NULL OR used_at < asked_at)"""),
    none_of("I11", "Aucune session n’est d’une version de l’identité qui n’existe pas encore.", """
      SELECT 'identity_session ' || s.id FROM identity_session s JOIN identity_credential c ON c.id = s.credential_id
      WHERE s.credential_version > c.version
      UNION ALL SELECT 'agents_agentsession ' || s.id FROM agents_agentsession s JOIN agents_agent a ON a.id = s.agent_id
      WHERE s.agent_version > a.version"""),
    # A sign-in that was under way when the access closed leaves a session of the version before: it opens nothing.
    none_of("I11", "Aucune session vivante n’est d’un accès bloqué ou fermé.", """
      SELECT 'identity_session ' || s.id FROM moment, identity_session s JOIN identity_credential c
        ON c.id = s.credential_id AND c.version = s.credential_version
      CROSS JOIN LATERAL (SELECT bool_and(a.state = 'disabled') AS closed FROM identity_account a WHERE a.credential_id = c.id) own
      WHERE s.ends_at > moment.now AND (c.frozen_at IS NOT NULL OR own.closed)
      UNION ALL SELECT 'agents_agentsession ' || s.id FROM moment, agents_agentsession s JOIN agents_agent a
        ON a.id = s.agent_id AND a.version = s.agent_version
      WHERE s.ends_at > moment.now AND a.state = 'disabled'"""),
    none_of("I16", "Aucun message gardé ne montre le code ou le mot de passe qu’il a porté.", f"""
      SELECT 'correspondence_message ' || id FROM correspondence_message
      WHERE secret IN ('one_time_code', 'provisional_password', 'provisional_by_agent', 'provisional_by_invitation', 'mailbox_letter')
        AND (body <> '' AND position('{MASK}' IN body) = 0
          OR secret = 'one_time_code' AND subject <> '' AND position('{MASK}' IN subject) = 0
          OR jsonb_exists_any(context, ARRAY['code', 'digits', 'password']))"""),
    none_of("I20", "Aucune invitation acceptée n’a été annulée avant.", """
      SELECT 'landlords_invitation ' || id FROM landlords_invitation
      WHERE accepted_at > expires_at OR accepted_at > cancelled_at"""),
    none_of("I20", "Une session n’attend qu’un code par usage.", """
      SELECT 'identity_onetimecode ' || max(id) FROM identity_onetimecode WHERE used_at IS NULL AND replaced_at IS NULL
      GROUP BY session_id, purpose HAVING count(*) > 1"""),
    none_of("I20", "Un mot de passe provisoire existe, et n’est plus que si personne n’en a choisi un autre.", """
      SELECT 'identity_credential ' || id FROM identity_credential
      WHERE provisional_until IS NOT NULL AND (password = '' OR password_changed_at IS NOT NULL)"""),
    # A visit may have begun elsewhere and joined accounts since: told of those that are alone.
    none_of("I20", "Aucune visite n’a commencé par un mot de passe provisoire qui n’était plus valable.", """
      SELECT 'identity_session ' || s.id FROM identity_session s JOIN identity_credential c
        ON c.id = s.credential_id AND c.version = s.credential_version WHERE s.created_at > c.provisional_until
        AND (SELECT count(*) FROM identity_account a WHERE a.credential_id = c.id) = 1"""),
    none_of("I20", "La lettre de qui a perdu sa boîte mail a servi faite, dans son temps, et une seule à la fois.", """
      SELECT 'identity_mailboxletter ' || id FROM identity_mailboxletter
      WHERE used_at IS NOT NULL AND (secret_hash = '' OR expires_at IS NULL OR used_at > expires_at)
      UNION ALL SELECT 'identity_mailboxletter ' || max(id) FROM identity_mailboxletter WHERE used_at IS NOT NULL
      GROUP BY credential_id, credential_version HAVING count(*) > 1"""),
    none_of("I20", "Un lien qui bloque a servi fait, et dans son temps.", """
      SELECT 'identity_freezelink ' || id FROM identity_freezelink
      WHERE used_at IS NOT NULL AND (token_hash IS NULL OR used_at > expires_at)"""),
)  # fmt: skip
