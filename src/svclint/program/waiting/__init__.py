"""How long calls wait: what bounds them, and where that is said."""
