"""What keeps an instance in order: the clockwork, the invariants, retention, what follows a restore."""
