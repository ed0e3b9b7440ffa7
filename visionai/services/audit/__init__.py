"""The audit log: who acts, and what is written down of it."""
