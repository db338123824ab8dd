"""Tables of rows in, many documents out."""
