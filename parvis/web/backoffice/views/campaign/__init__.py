"""The July campaign, as agents follow and run it."""
