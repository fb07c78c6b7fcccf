"""What agents are told: what calls for them, what to answer at the telephone, what was noted in the journal."""
