"""Keys for programs: made and revoked, read and held to their scopes, counted against their limits."""
