"""The language of computed values and checks: tokens, parser, evaluation, functions."""
