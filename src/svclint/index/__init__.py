"""One `ast` pass over one file: names, calls, values, local flow and comments as plain data."""
