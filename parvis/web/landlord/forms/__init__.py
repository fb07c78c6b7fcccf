"""What landlord pages ask."""
