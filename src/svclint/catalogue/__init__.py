"""What svclint knows about libraries, as data: `data/*.toml`, one file a library."""
