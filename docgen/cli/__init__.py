"""Click commands over workflow, one file each."""
