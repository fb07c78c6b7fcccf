"""What the landlord states: campaigns, declarations, receipts."""
