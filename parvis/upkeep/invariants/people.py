"""Credentials, accounts, codes, sessions, messages: who is who, and what was written to whom."""

from __future__ import annotations

from parvis.upkeep.invariants.invariant import none_of

PEOPLE = (
    none_of("I5", "Un message envoyé a son moment, un message retenu en attend un autre.", """
      SELECT 'correspondence_message ' || id FROM correspondence_message
      WHERE state NOT IN ('due', 'sent', 'cancelled', 'failed', 'bounced') OR (state IN ('sent', 'bounced') AND sent_at IS NULL)
         OR (is_held AND after_id IS NULL)"""),
    none_of("I6", "Chaque lettre envoyée a un numéro, et un seul message le porte.", """
      SELECT 'correspondence_message ' || min(id) FROM correspondence_message
      WHERE channel = 'letter' AND state = 'sent' GROUP BY CASE WHEN number = '' THEN id::text ELSE number END, number
      HAVING number = '' OR count(*) > 1"""),
    none_of("I6", "Chaque lettre d’un lot est faite, et son lot en compte autant.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m
      WHERE m.batch_id IS NOT NULL AND (m.channel <> 'letter' OR m.state <> 'sent' OR m.number = '')
      UNION ALL SELECT 'correspondence_letterbatch ' || b.id FROM correspondence_letterbatch b, moment
      CROSS JOIN LATERAL (SELECT count(*) AS letters FROM correspondence_message m WHERE m.batch_id = b.id) held
      WHERE held.letters > CASE b.state WHEN 'abandoned' THEN 0 ELSE b.count END
         OR (b.state <> 'abandoned' AND held.letters < b.count AND b.prepared_at > moment.now - interval '30 days')"""),
    none_of("I6", "Un mot de passe n’est jamais dans le lot de son identifiant.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m
      JOIN correspondence_message f ON f.id = m.after_id WHERE m.batch_id = f.batch_id"""),
    none_of("I7", "Un code a cinq essais au plus, et ne sert ni deux fois, ni remplacé, ni après sa fin.", """
      SELECT 'identity_onetimecode ' || id FROM identity_onetimecode
      WHERE tries > 5 OR used_at > expires_at OR used_at > replaced_at"""),
    none_of("I8", "Une adresse mail prouvée est celle d’une seule identité.", """
      SELECT 'identity_credential ' || max(id) FROM identity_credential
      WHERE email IS NOT NULL AND email_proved_at IS NOT NULL GROUP BY lower(email) HAVING count(*) > 1"""),
    none_of("I9", "Une identité partagée a une adresse prouvée, et des comptes de partenaires différents.", """
      SELECT 'identity_credential ' || c.id FROM identity_credential c JOIN identity_account a ON a.credential_id = c.id
      GROUP BY c.id HAVING count(*) > 1 AND (c.email_proved_at IS NULL OR count(DISTINCT a.partner_id) < count(*))"""),
    none_of("I9", "Une identité ne réunit des personnes physiques que si c’est la même personne.", """
      SELECT 'identity_credential ' || a.credential_id FROM identity_account a JOIN identity_partner p ON p.id = a.partner_id
      GROUP BY a.credential_id
      HAVING count(*) > 1 AND bool_or(p.nature = 'individual')
        AND (bool_or(p.nature <> 'individual') OR count(DISTINCT p.person_index) <> 1 OR bool_or(p.person_index IS NULL))"""),
    none_of("I11", "Aucune session n’est d’une version de l’identité qui n’existe pas encore.", """
      SELECT 'identity_session ' || s.id FROM identity_session s JOIN identity_credential c ON c.id = s.credential_id
      WHERE s.credential_version > c.version
      UNION ALL SELECT 'agents_agentsession ' || s.id FROM agents_agentsession s JOIN agents_agent a ON a.id = s.agent_id
      WHERE s.agent_version > a.version"""),
    none_of("I12", "Un organisme qui a eu un administrateur en a un d’actif.", """
      SELECT 'landlords_landlord ' || l.partner_id FROM landlords_landlord l
      JOIN identity_partner p ON p.id = l.partner_id AND p.nature = 'corporate'
      WHERE EXISTS (SELECT 1 FROM landlords_habilitation h JOIN identity_account a ON a.id = h.account_id
                    WHERE a.partner_id = l.partner_id AND h.right = 'administer')
        AND NOT EXISTS (SELECT 1 FROM landlords_habilitation h JOIN identity_account a ON a.id = h.account_id
                        WHERE a.partner_id = l.partner_id AND h.right = 'administer' AND h.ended_at IS NULL
                          AND a.state = 'active')"""),
    none_of("I19", "Aucun message dû n’attend depuis plus d’un jour.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m, moment
      WHERE m.state = 'due' AND NOT m.is_held AND m.due_at < moment.now - interval '1 day'"""),
    none_of("I20", "Aucune invitation acceptée n’a été annulée avant.", """
      SELECT 'landlords_invitation ' || id FROM landlords_invitation
      WHERE accepted_at > expires_at OR accepted_at > cancelled_at"""),
)  # fmt: skip
