"""The landlord's file, put together for its page: what is asked of each room, and in which words."""
