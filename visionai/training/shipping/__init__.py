"""What leaves a run: weights with their manifest, the model card and its plots."""
