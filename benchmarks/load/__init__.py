"""The load generator: what it is told to do, its clients, and starting it."""
