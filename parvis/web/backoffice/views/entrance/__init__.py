"""The agents’ entrance, and how one first comes in."""
