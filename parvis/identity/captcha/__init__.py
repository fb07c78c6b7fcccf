"""The security check: characters to copy from a picture or a sound, or a small sum in words; each way as good.

A captcha slows machines down and proves nothing: the limits on tries hold without it (security.md §2.4).
"""
