"""Credentials, accounts, rights, messages: who is who, and what was written to whom."""

from __future__ import annotations

from parvis.upkeep.invariants.invariant import none_of

PEOPLE = (
    none_of("I5", "Un message envoyé a son moment, un message retenu en attend un autre.", """
      SELECT 'correspondence_message ' || id FROM correspondence_message
      WHERE state NOT IN ('due', 'sent', 'cancelled', 'failed', 'bounced') OR (state IN ('sent', 'bounced') AND sent_at IS NULL)
         OR (is_held AND after_id IS NULL)"""),
    none_of("I5", "Aucun message n’attend plus celui qui le précédait, s’il est parti.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m
      JOIN correspondence_message f ON f.id = m.after_id WHERE m.is_held AND m.state = 'due' AND f.state IN ('sent', 'bounced')"""),
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
    none_of("I12", "Un organisme qui a eu un administrateur en a un d’actif.", """
      SELECT 'landlords_landlord ' || l.partner_id FROM landlords_landlord l
      JOIN identity_partner p ON p.id = l.partner_id AND p.nature = 'corporate'
      WHERE EXISTS (SELECT 1 FROM landlords_habilitation h JOIN identity_account a ON a.id = h.account_id
                    WHERE a.partner_id = l.partner_id AND h.right = 'administer')
        AND NOT EXISTS (SELECT 1 FROM landlords_habilitation h JOIN identity_account a ON a.id = h.account_id
                        WHERE a.partner_id = l.partner_id AND h.right = 'administer' AND h.ended_at IS NULL
                          AND a.state = 'active')"""),
    # The rights of whoever came first are granted in the act that opens their access, by themselves; a guest's by an invitation.
    none_of("I12", "Un partenaire n’a jamais eu qu’un administrateur par première connexion.", """
      SELECT 'identity_partner ' || a.partner_id FROM landlords_habilitation h
      JOIN identity_account a ON a.id = h.account_id AND a.opened_at = h.granted_at AND a.login_id = h.granted_by
      WHERE h.right = 'administer'
        AND NOT EXISTS (SELECT 1 FROM landlords_invitation i WHERE i.account_id = a.id AND i.accepted_at IS NOT NULL)
      GROUP BY a.partner_id HAVING count(DISTINCT a.id) > 1"""),
    none_of("I19", "Aucun message dû n’attend depuis plus d’un jour.", """
      SELECT 'correspondence_message ' || m.id FROM correspondence_message m, moment
      WHERE m.state = 'due' AND NOT m.is_held AND m.due_at < moment.now - interval '1 day'"""),
)  # fmt: skip
