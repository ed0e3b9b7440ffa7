"""Face detection: where faces are in an image."""
