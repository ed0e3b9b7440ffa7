"""Train, calibrate, measure and export the network; TensorFlow is at home here and nowhere a server imports.

Read in this order: `data` and `folders` (pictures and labels), `labels` (what is to be learned), `augment`,
`network`, `train`, `calibrate`, `evaluate`, `export`.
"""
