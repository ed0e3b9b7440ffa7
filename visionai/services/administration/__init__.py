"""What administrators do and see: users, versions of the weights, the audit log, the state of the server, retention."""
