"""From `form.yaml` to a checked form, every mistake with its line."""
