"""What waits for an agent’s decision."""
