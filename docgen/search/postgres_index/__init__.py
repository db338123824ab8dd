"""The engine for archives that several machines share: a PostgreSQL database."""
