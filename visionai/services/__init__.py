"""What VisionAI does, said in plain values: no request, no socket, no rendering."""
