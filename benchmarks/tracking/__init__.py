"""The tracker over clips of several people, and how identities are scored."""
