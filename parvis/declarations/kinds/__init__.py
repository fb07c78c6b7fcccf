"""One file a kind of declaration: its checks, its sentences, its details. Pure."""
