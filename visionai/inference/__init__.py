"""The network on native threads: loaded at first need, bounded, swapped while it runs."""
