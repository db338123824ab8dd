"""READ FIRST: one short function per thing people do."""
