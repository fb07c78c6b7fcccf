"""How the list of tenants is asked for: its orders, its statement."""
