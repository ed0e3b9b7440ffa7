"""The network, its files, and its answers to many images."""
