"""Crashes half way, with a word on standard error."""

import os
import sys

sys.stderr.write("Unspecified Application Error\n")
sys.stderr.flush()
os.abort()
