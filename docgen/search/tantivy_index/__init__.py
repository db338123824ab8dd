"""The engine for large archives: tantivy, fed with the tokens of all engines."""
