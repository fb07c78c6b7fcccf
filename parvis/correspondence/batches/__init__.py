"""Batches of letters for the printing house: prepared by one agent, approved by another, made by the worker, posted."""
