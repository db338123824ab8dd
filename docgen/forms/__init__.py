"""Field kinds, form definitions, records, expressions, Chinese amounts and dates."""
