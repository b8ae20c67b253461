"""Migrations: running leads go on in another version of a process."""
