"""Migrations of the agents’ room."""
