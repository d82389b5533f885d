"""Exceptions: what is caught and raised, and what a handler leaves of it."""
