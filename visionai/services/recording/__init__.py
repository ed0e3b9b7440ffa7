"""Nothing accepted is lost: from a prediction to a committed row, over the disk while the database is away."""
