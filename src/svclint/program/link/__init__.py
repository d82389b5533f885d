"""From modules to what a name is: layout, scopes, imports, members, light types."""
