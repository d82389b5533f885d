"""What runs on the event loop, and what holds it up."""
