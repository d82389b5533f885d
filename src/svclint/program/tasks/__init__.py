"""Tasks: who keeps them, who awaits them, and who ends their cancellation."""
