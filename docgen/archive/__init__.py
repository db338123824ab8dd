"""Names, store, journal, manifest, catalogue and verification of what is kept for good."""
