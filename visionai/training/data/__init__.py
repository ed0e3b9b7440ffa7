"""Training data: labelled faces, where they are read from, and what is to be learned of each."""
