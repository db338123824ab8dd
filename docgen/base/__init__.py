"""Errors, settings, workspace, files, locks, outside programs: what every stage stands on."""
