"""What a landlord asks the office in writing, and what it answers: one thread a question, read by both sides."""
