"""From findings to text: one module a format, each with `render(report)`."""
