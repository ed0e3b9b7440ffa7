"""Who may call: accounts, logins, tokens, passwords, and how often somebody may guess one."""
