"""What keeps an account its owner’s: codes, last accesses, mailboxes that are lost."""
