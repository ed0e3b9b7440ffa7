"""WebSocket server protocol (RFC 6455), under Socket.IO and `/ws` alike."""
