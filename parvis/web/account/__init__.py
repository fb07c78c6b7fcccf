"""Pages of Mon Compte Partenaire: who you are."""
