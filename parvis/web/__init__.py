"""Ways in for people with a browser. Nothing is decided here."""
