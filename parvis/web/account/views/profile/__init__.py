"""« Mon profil »."""
