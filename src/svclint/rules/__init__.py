"""The rules: LibCST visitors without state that ask the program what they need to know."""
