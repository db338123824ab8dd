"""Ends well and writes nothing, as LibreOffice does when it cannot read a file."""
