"""Taking landlords in, in sets: which lines are which landlord, and what may not be decided by a file.

A third-party number keeps its landlord for ever. A landlord may become better known (a SIRET or a NIR where there was
none, or a corrected one); a line that would join two landlords, or part one, is set aside for a person to decide.
"""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import Merged, execute, number, staging_name
from parvis.landlords.services.feeds_numbers import merge_numbers
from parvis.landlords.services.offices.feeds import put_aside_unknown_offices

# Each line beside the number, landlord and partner it already is, if it is.
_SEEN = """
CREATE TEMP TABLE feed_seen ON COMMIT DROP AS
SELECT s.line, s.reference_key AS key, s.nature, s.user_number, n.id AS number_id, l.partner_id AS landlord_id,
       l.reference_key AS known_key, p.nature AS known_nature
FROM {lines} s
LEFT JOIN landlords_thirdpartynumber n ON n.office_id = s.caf_code AND n.number = s.tiers_number
LEFT JOIN landlords_landlord l ON l.partner_id = n.landlord_id
LEFT JOIN identity_partner p ON p.id = l.partner_id
WHERE NOT EXISTS (SELECT 1 FROM {apart} a WHERE a.line = s.line)
"""
_FORGET_APART = "DELETE FROM feed_seen s USING {apart} a WHERE a.line = s.line"

# A key that names the landlord differently from what is known; a line without SIRET nor NIR (T:) never takes one away.
_RENAMES = "known_key IS NOT NULL AND key <> known_key AND key NOT LIKE 'T:%'"

_CONFLICTS: tuple[tuple[str, str, str], ...] = (
    (
        "nature",
        "known_nature <> CASE nature WHEN 'M' THEN 'corporate' ELSE 'individual' END",
        "Ce numéro tiers est celui d’un bailleur d’une autre nature (particulier ou moral) : donnez-lui un autre numéro tiers.",
    ),
    (
        "user_number",
        "EXISTS (SELECT 1 FROM landlords_thirdpartynumber o"
        " WHERE o.user_number = s.user_number AND o.id IS DISTINCT FROM s.number_id)",
        "Ce numéro d’utilisateur est déjà celui d’un autre numéro tiers : il doit être unique. Donnez-en un autre.",
    ),
    (
        "user_number",
        "EXISTS (SELECT 1 FROM feed_seen o WHERE o.user_number = s.user_number AND o.line < s.line)",
        "Ce numéro d’utilisateur est donné deux fois dans ce fichier : il doit être unique. Donnez-en un autre.",
    ),
    (
        "tiers_number",
        f"{_RENAMES} AND EXISTS (SELECT 1 FROM landlords_landlord o WHERE o.reference_key = s.key)",
        "Ce numéro tiers est celui d’un bailleur, et la ligne donne le SIRET ou le NIR d’un autre bailleur déjà connu : "
        "un numéro tiers ne change pas de bailleur. Corrigez le SIRET ou le NIR, ou donnez un autre numéro tiers.",
    ),
    (
        "tiers_number",
        f"{_RENAMES} AND EXISTS (SELECT 1 FROM feed_seen o WHERE o.key = s.key AND o.line < s.line"
        " AND o.landlord_id IS DISTINCT FROM s.landlord_id AND o.known_key IS NOT NULL)",
        "Deux bailleurs connus sous des numéros tiers différents recevraient le même SIRET ou le même NIR : "
        "un fichier ne peut pas les réunir. Signalez-le à l’exploitant.",
    ),
    (
        "tiers_number",
        f"{_RENAMES} AND EXISTS (SELECT 1 FROM landlords_thirdpartynumber o"
        " WHERE o.landlord_id = s.landlord_id AND o.absent_since IS NULL AND o.id <> s.number_id"
        " AND NOT EXISTS (SELECT 1 FROM feed_seen x WHERE x.number_id = o.id AND x.key = s.key))",
        "Le SIRET ou le NIR change pour ce numéro tiers, mais pas pour les autres numéros tiers du même bailleur : "
        "livrez-les ensemble avec la même valeur, ou corrigez celle-ci.",
    ),
    (
        "nir",
        f"{_RENAMES} AND known_key LIKE 'N:%' AND EXISTS (SELECT 1 FROM identity_account a JOIN identity_account b"
        " ON b.credential_id = a.credential_id AND b.id <> a.id WHERE a.partner_id = s.landlord_id)",
        "Le NIR change pour une personne dont les comptes sont réunis par ce NIR : un fichier ne peut pas les séparer. "
        "Signalez-le à l’exploitant.",
    ),
)

_CONFLICT = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT line, '{field}', '{sentence}', '' FROM feed_seen s WHERE {condition}
"""

_RENAME = """
UPDATE landlords_landlord l SET reference_key = s.key FROM feed_seen s WHERE l.partner_id = s.landlord_id AND {renames}
"""

# The new ones, one a key: the first line of the file speaks for all.
_NEW = """
CREATE TEMP TABLE feed_new ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, x.* FROM (
  SELECT DISTINCT ON (key) key, nature, line FROM feed_seen
  WHERE landlord_id IS NULL AND NOT EXISTS (SELECT 1 FROM landlords_landlord l WHERE l.reference_key = key)
  ORDER BY key, line) x
"""
_PARTNERS = """
INSERT INTO identity_partner (id, nature) SELECT id, CASE nature WHEN 'M' THEN 'corporate' ELSE 'individual' END FROM feed_new
"""
_LANDLORDS = """
INSERT INTO landlords_landlord (partner_id, reference_key, siret, company_name, last_name, first_name)
SELECT id, key, '', '', '', '' FROM feed_new
"""

_OWNED = """
CREATE TEMP TABLE feed_owned ON COMMIT DROP AS
SELECT k.line, k.number_id, COALESCE(k.landlord_id, l.partner_id) AS landlord_id
FROM feed_seen k LEFT JOIN landlords_landlord l ON l.reference_key = k.key
"""

# What a landlord is called, from its first line in the file; a SIRET once known is not forgotten.
_SPEAKING = """
CREATE TEMP TABLE feed_speaking ON COMMIT DROP AS
SELECT DISTINCT ON (l.partner_id) l.partner_id, s.line,
       CASE WHEN s.nature = 'M' THEN COALESCE(s.siret, l.siret) ELSE '' END AS siret,
       CASE WHEN s.nature = 'M' THEN s.company_name ELSE '' END AS company_name,
       CASE WHEN s.nature = 'P' THEN s.last_name ELSE '' END AS last_name,
       CASE WHEN s.nature = 'P' THEN COALESCE(s.first_name, '') ELSE '' END AS first_name,
       s.nir_closed, s.nir_index
FROM feed_owned k JOIN {lines} s ON s.line = k.line JOIN landlords_landlord l ON l.partner_id = k.landlord_id
ORDER BY l.partner_id, s.line
"""
_NAMES = """
UPDATE landlords_landlord l SET (siret, company_name, last_name, first_name)
  = (s.siret, s.company_name, s.last_name, s.first_name)
FROM feed_speaking s WHERE s.partner_id = l.partner_id
  AND (l.siret, l.company_name, l.last_name, l.first_name) IS DISTINCT FROM (s.siret, s.company_name, s.last_name, s.first_name)
RETURNING s.line
"""
_NIR = """
WITH known AS (
  UPDATE identity_partner p SET person_index = s.nir_index FROM feed_speaking s
  WHERE p.id = s.partner_id AND s.nir_index IS NOT NULL AND p.person_index IS DISTINCT FROM s.nir_index
  RETURNING p.id, s.nir_closed, s.line)
UPDATE landlords_landlord l SET nir = known.nir_closed FROM known WHERE known.id = l.partner_id RETURNING known.line
"""


@transaction.atomic
def merge_landlords(lines: str, apart: str) -> Merged:
    """Add or change the landlords and third-party numbers of ``lines``; lines that may not go in are put into ``apart``."""
    lines, apart = staging_name(lines), staging_name(apart)
    put_aside_unknown_offices(lines, apart)
    execute("DROP TABLE IF EXISTS feed_seen, feed_new, feed_owned, feed_speaking, feed_touched")
    execute(_SEEN.format(lines=lines, apart=apart))
    execute(
        "CREATE INDEX ON feed_seen (key); CREATE INDEX ON feed_seen (user_number); CREATE INDEX ON feed_seen (number_id)"
    )
    execute("ANALYZE feed_seen")
    for field, condition, sentence in _CONFLICTS:
        execute(_CONFLICT.format(apart=apart, field=field, sentence=sentence, condition=condition))
        execute(_FORGET_APART.format(apart=apart))
    execute(_RENAME.format(renames=_RENAMES))
    execute(_NEW)
    execute(_PARTNERS)
    execute(_LANDLORDS)
    execute(_OWNED)
    execute(_SPEAKING.format(lines=lines))
    execute("CREATE TEMP TABLE feed_touched (line bigint) ON COMMIT DROP")
    execute(f"WITH named AS ({_NAMES}) INSERT INTO feed_touched SELECT line FROM named")
    execute(_NIR)
    execute(f"INSERT INTO feed_touched SELECT line FROM feed_seen WHERE {_RENAMES}")
    added, changed = merge_numbers(lines)
    total = number("SELECT count(*) FROM feed_seen")
    return Merged(added, changed, total - added - changed)
