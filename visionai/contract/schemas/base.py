"""The base of every schema."""

from __future__ import annotations

import marshmallow as ma


class Schema(ma.Schema):
    """The fields of a body, a query or an answer, in the order in which they are written.

    Unknown fields are passed over, as the first clients of this API may send some.
    """

    class Meta:
        unknown = ma.EXCLUDE
