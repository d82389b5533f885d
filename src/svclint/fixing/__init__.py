"""From the fixes of findings to a changed file: merge, apply, prove, write."""
