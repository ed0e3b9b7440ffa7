"""Recorded sessions: their life, who may see them, what is read from them."""
