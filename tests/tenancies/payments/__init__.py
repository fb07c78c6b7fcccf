"""What a landlord is told of payments."""
