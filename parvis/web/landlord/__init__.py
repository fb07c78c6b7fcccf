"""Pages of the Espace bailleur: what you do."""
