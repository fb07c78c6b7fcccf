"""What the office knows: tenancies, rents, payments."""
