"""Configuration: where it is found, how it is read and checked, and the frozen result."""
