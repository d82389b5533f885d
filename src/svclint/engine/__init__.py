"""One run: reads the files, builds the program, runs the rules, and proves the fixes."""
