"""Letters, as agents batch them, take them back, and look at their texts."""
