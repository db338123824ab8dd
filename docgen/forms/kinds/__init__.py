"""Field kinds: from what was typed to the value, one module a family of kinds."""
