"""What somebody does of their own account: the texts they accept, the account they choose."""
