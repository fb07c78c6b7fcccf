"""The administrator’s role changes hands: a deputy, a hand-over, a replacement by the office."""
