"""Landlords as the office looks for them and sees them: within the offices of the agent who asks."""
