"""Questions about changes, limited to what the actor may see."""
