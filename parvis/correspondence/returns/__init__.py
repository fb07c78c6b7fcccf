"""What comes back: letters the post returns, e-mails that bounce."""
