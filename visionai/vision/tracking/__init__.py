"""Multi-object tracking: which face of a frame is which of the frames before."""
