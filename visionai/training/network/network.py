"""The network: a small residual net on 48x48 grey faces, inside a classifier that takes 96x96 colour ones.

The training data is grey and 48x48. So that colour, finer detail, brightness and contrast, which it cannot teach,
do not lead astray, fixed layers take them out first: a mean over 2x2 pixels, luminance, and standardisation of each
image. Every layer of what is saved is Keras's own, so that the file loads without any of this code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from visionai.vision.emotions import EMOTIONS

from ..data.dataset import FACE_SIDE

INPUT_SHAPE = (96, 96, 3)
LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601), those Pillow uses for mode "L"."""


@dataclass(frozen=True)
class Stage:
    """Residual blocks of equally many channels; the first one halves the sides of the image."""

    channels: int
    blocks: int


@dataclass(frozen=True)
class Architecture:
    """The sizes of a network.

    Ours has few channels where the image is large and most of the parameters where it is small: 3.2 million of them,
    but half the multiplications of an even spread, and so twice the epochs in the same time.
    """

    stem_channels: int = 32
    stages: tuple[Stage, ...] = (Stage(64, 1), Stage(96, 2), Stage(192, 2), Stage(320, 1))
    dropout: float = 0.25


class FusedBatchNormalization(layers.BatchNormalization):
    """Batch normalisation by TensorFlow's fused kernel while training: a quarter off the time of a step on a CPU.

    Keras spells it out in separate float32 passes under mixed precision. Variables and inference are the parent's, so
    that weights move freely between the two.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalise by the batch's own statistics in training, by the moving ones otherwise."""
        if not training:
            return super().call(inputs, training=False, mask=mask)
        empty = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.cast(self.gamma, tf.float32),
            offset=tf.cast(self.beta, tf.float32),
            mean=empty,
            variance=empty,
            epsilon=self.epsilon,
            is_training=True,
            data_format="NHWC",
        )
        keep = self.momentum
        self.moving_mean.assign(self.moving_mean * keep + mean * (1 - keep))
        self.moving_variance.assign(self.moving_variance * keep + variance * (1 - keep))
        return outputs


@dataclass(frozen=True)
class _Builder:
    """What every layer of one network shares: its precision and its kind of batch normalisation."""

    precision: str
    normalization: Callable[..., layers.Layer]

    def convolution(self, x: Any, channels: int, *, size: int = 3, stride: int = 1, name: str) -> Any:
        """Convolve without bias (normalisation brings one) and normalise."""
        x = layers.Conv2D(
            channels,
            size,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            dtype=self.precision,
            name=f"{name}_conv",
        )(x)
        return self.normalization(momentum=0.97, dtype=self.precision, name=f"{name}_norm")(x)

    def rectify(self, x: Any, name: str) -> Any:
        """Set what is negative to zero."""
        return layers.ReLU(dtype=self.precision, name=name)(x)

    def block(self, x: Any, channels: int, *, stride: int, name: str) -> Any:
        """Add two convolutions to what came in (arXiv:1512.03385), by a short cut that averages (arXiv:1812.01187)."""
        y = self.rectify(self.convolution(x, channels, stride=stride, name=f"{name}_a"), f"{name}_a_relu")
        y = self.convolution(y, channels, name=f"{name}_b")
        if stride > 1:
            x = layers.AveragePooling2D(stride, dtype=self.precision, name=f"{name}_pool")(x)
            x = self.convolution(x, channels, size=1, name=f"{name}_short")
        return self.rectify(layers.Add(dtype=self.precision, name=f"{name}_add")([x, y]), f"{name}_relu")

    def body(self, grey: Any, architecture: Architecture, seed: int) -> Any:
        """Apply the trained part: grey images (n, 48, 48, 1) to logits (n, 7), both float32."""
        # One group is the whole image. LayerNormalization over three axes would do too, but does not survive HDF5.
        x = layers.GroupNormalization(
            groups=1, center=False, scale=False, epsilon=1e-4, dtype="float32", name="standardise"
        )(grey)
        x = self.rectify(self.convolution(x, architecture.stem_channels, name="stem"), "stem_relu")
        for number, stage in enumerate(architecture.stages, 1):
            for index in range(stage.blocks):
                x = self.block(x, stage.channels, stride=1 if index else 2, name=f"stage{number}_{index + 1}")
        x = layers.GlobalAveragePooling2D(dtype="float32", name="average")(x)
        x = layers.Dropout(architecture.dropout, seed=seed, dtype="float32", name="dropout")(x)
        return layers.Dense(len(EMOTIONS), dtype="float32", name="logits")(x)


def build_network(
    architecture: Architecture,
    *,
    precision: str = "float32",
    normalization: Callable[..., layers.Layer] = layers.BatchNormalization,
    seed: int = 0,
) -> keras.Model:
    """Build the trained part alone: float (n, 48, 48, 1) in [0, 1] to float32 logits (n, 7).

    `precision` is Keras's name of a policy: "mixed_bfloat16" trains in 16 bits where the processor has them.
    """
    grey = keras.Input((FACE_SIDE, FACE_SIDE, 1), name="grey")
    return keras.Model(grey, _Builder(precision, normalization).body(grey, architecture, seed), name="visionai_network")


def build_classifier(network: keras.Model, architecture: Architecture) -> keras.Model:
    """Build what is served, with the weights of `network`: RGB (n, 96, 96, 3) in [0, 1] to probabilities (n, 7)."""
    pictures = keras.Input(INPUT_SHAPE, name="rgb")
    x = layers.AveragePooling2D(INPUT_SHAPE[0] // FACE_SIDE, dtype="float32", name="low_pass")(pictures)
    luminance = layers.Conv2D(1, 1, use_bias=False, trainable=False, dtype="float32", name="luminance")
    logits = _Builder("float32", layers.BatchNormalization).body(luminance(x), architecture, seed=0)
    luminance.set_weights([np.array(LUMINANCE, np.float32).reshape(1, 1, 3, 1)])
    probabilities = layers.Softmax(dtype="float32", name="probabilities")(logits)
    classifier = keras.Model(pictures, probabilities, name="visionai_classifier")
    copy_weights(network, classifier)
    return classifier


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Give the layers of `target` the weights of the layers of `source` that bear their names."""
    names = {layer.name for layer in target.layers}
    for layer in source.layers:
        if layer.weights and layer.name in names:
            target.get_layer(layer.name).set_weights(layer.get_weights())
