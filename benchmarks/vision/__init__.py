"""The bare loop and the detector, without a server around them."""
