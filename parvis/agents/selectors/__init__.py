"""Questions the agents’ room answers."""
