"""What an agent does from a landlord’s file: each act on a page of its own, with its reason."""
