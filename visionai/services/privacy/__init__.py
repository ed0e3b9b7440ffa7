"""Show me and forget me: the rights of a person over their data (GDPR articles 15 and 17)."""
