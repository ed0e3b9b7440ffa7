"""The AsyncAPI 3 document of `/stream` (Socket.IO) and `/ws`, written from the schemas of their messages."""
