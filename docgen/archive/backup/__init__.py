"""Snapshots of a whole workspace, and back again."""
