"""What an administrator does with the users of an organisation."""
