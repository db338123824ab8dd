"""Verification, apart from what writes the archive."""
