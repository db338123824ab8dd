"""What lands in an inbox: noticed, settled, taken or put aside with a reason."""
