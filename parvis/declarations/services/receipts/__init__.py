"""What becomes of a receipt: the mail that brings it, its authenticity checked by anybody."""
