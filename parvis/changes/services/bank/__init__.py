"""Bank details: asked and proved by a code, agreed to by a colleague, held, stopped (security.md §2.9)."""
