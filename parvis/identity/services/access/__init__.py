"""What changes how one comes in: recovery, linking, another mailbox or password, freezing, and what is told of it."""
