"""Socket.IO: everything that overrides python-socketio, python-engineio and Flask-SocketIO."""
