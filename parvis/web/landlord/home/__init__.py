"""What the landlord's home gathers from every topic: what is to do, what became of what was asked."""
