"""From a record to a finished Word document, and on to PDF."""
