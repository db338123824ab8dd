"""A project handed over whole, and taken in again."""
