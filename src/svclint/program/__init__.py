"""All modules together: links, names, light types, flow and fixpoints."""
