"""What leaves to a person: e-mails and letters."""
