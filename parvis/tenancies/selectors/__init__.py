"""Questions about tenancies, already limited to what the actor may see."""
