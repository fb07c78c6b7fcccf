"""How the instance runs: its tasks, its feeds."""
