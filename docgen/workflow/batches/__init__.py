"""Batches: many documents from a table, or from the records of the archive."""
