"""Questions about identity."""
