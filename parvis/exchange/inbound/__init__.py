"""How a delivery comes in: read the manifest, verify everything, stage, set bad lines aside, merge."""
