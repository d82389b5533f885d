"""The command: options in, exit code out; everything that it tells comes from the Session."""
