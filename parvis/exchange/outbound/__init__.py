"""How declarations leave: sealed in the database first, then written as files that never change."""
