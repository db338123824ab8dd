"""The outline language: the text from which a template is drawn."""
