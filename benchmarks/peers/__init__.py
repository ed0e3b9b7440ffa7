"""Other networks that read expressions: what they are, how each is fed, and their answers to the same pictures."""
