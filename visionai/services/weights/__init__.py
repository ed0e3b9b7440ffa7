"""Which weights are served, and how they are calibrated."""
