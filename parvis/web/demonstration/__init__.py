"""Pages of a demonstration instance only: mailbox, catalogue."""
