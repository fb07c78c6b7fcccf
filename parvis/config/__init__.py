"""How an instance is set up: its environment, its settings, its addresses."""
