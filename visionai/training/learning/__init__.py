"""Runs: augmented batches, objective, schedule, checkpoints, and the mean of several runs."""
