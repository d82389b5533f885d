"""What becomes of raw findings: suppressed or kept, at which level, under which fingerprint."""
