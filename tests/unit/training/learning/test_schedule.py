from __future__ import annotations

import pytest

from visionai.training.learning.schedule import Schedule

RUN = Schedule(peak=0.1, epochs=10, warm_up=1.0, cool_down=0.4)


@pytest.mark.parametrize(("epoch", "rate"), [(0.49, 0.05), (1, 0.1), (5.9, 0.1), (8, 0.05), (9, 0.025), (10, 1e-4)])
def test_the_rate_rises_holds_and_falls(epoch: float, rate: float) -> None:
    assert RUN.rate(epoch) == pytest.approx(rate)


def test_a_longer_run_begins_no_differently() -> None:
    longer = Schedule(peak=0.1, epochs=20)
    assert [longer.rate(epoch / 4) for epoch in range(24)] == [RUN.rate(epoch / 4) for epoch in range(24)]
