"""Full files that would end too much, and who lets them pass."""
