"""The agents' back office: another entrance, another cookie, other session rules (security.md §2.11)."""
