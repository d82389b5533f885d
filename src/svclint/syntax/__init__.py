"""LibCST, and nothing else imports it outside of `rules`: slices, spans, dispatch."""
