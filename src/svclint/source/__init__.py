"""From paths to text and trees: discovery, reading, decoding, and masking of newer syntax."""
