"""Templates compiled once: docxtpl's language at the speed of joining strings."""
