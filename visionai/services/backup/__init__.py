"""Backup, restore and moving of everything that an installation keeps."""
