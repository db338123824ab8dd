"""The engine on Whoosh: pairs of characters narrow down, the folded text decides."""
