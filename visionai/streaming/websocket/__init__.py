"""WebSocket for a server (RFC 6455), under Socket.IO and `/ws` alike."""
