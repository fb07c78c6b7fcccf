"""Parvis: the portal through which a family-benefit office works with landlords."""
