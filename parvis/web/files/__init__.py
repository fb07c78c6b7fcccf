"""« Consulter dossier »: one claimant’s housing file, by number, with a reason."""
