"""`python -m svclint`."""

from __future__ import annotations

from svclint.cli.main import main

if __name__ == "__main__":
    main()
