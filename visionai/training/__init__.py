"""Train, calibrate, measure and export the network; TensorFlow is at home here and nowhere a server imports.

Read in this order: `dataset`, `data` and `folders` (images and labels), `labels` (what is to be learned), `augment`,
`network`, `train`, `calibrate`, `export`, `evaluate`, `framing`.
"""

import os

# TensorFlow's remarks on missing graphics cards would drown what a command has to say. Read when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
