"""Images: what bytes they come in, whether they are taken on, and their decoding."""
