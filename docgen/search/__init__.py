"""Tokens, index engines and the query language."""
