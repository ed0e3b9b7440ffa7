"""What clients send and are answered, declared once for REST, sockets and the command line."""
