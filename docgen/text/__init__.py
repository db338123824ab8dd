"""The text of documents, extracted in a limited child process."""
