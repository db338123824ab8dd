"""Whether the content of a file is whole, one module a kind of file."""
