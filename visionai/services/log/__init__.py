"""The rows of the log that are there: the newest, all of them as a file, and the end of the oldest."""
