"""Verbs of the exchange: take deliveries in, release a held one, send declarations out."""
