"""Progress of a training run, and figures as tables."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from ..training.measuring.validation import EpochFigures, Score


class TrainingDisplay:
    """A bar for the epoch at hand and a line for each that is done. Use it as a context manager."""

    def __init__(self, console: Console, epochs: int) -> None:
        self._console = console
        self._epochs = epochs
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> TrainingDisplay:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """Show how far the epoch is."""
        if self._task is None:
            self._task = self._progress.add_task("", total=steps)
        description = f"epoch {epoch + 1}/{self._epochs}  loss {loss:.3f}"
        self._progress.update(self._task, completed=step, total=steps, description=description)

    def epoch(self, figures: EpochFigures) -> None:
        """Say what the epoch came to."""
        self._console.print(
            f"epoch {figures.epoch + 1}/{self._epochs}  loss {figures.loss:.3f}  "
            f"accuracy {figures.accuracy:.3f}  macro recall {figures.macro_recall:.3f}  "
            f"proxy {figures.proxy:.4f} at strength {figures.strength:.2f}  "
            f"{figures.seconds:.0f} s",
            highlight=False,
        )


def show_ingredient(name: str, score: Score, kept: bool) -> None:
    """Say what an ingredient of a soup came to."""
    verdict = "kept" if kept else "left out"
    Console().print(f"{verdict}: {name}  accuracy {score.accuracy:.4f}  proxy {score.proxy:.4f}", highlight=False)


def show_report(console: Console, report: dict[str, Any]) -> None:
    """Print the figures of an evaluation: the whole by precision, point and truth, then class by class."""
    data = report["data"]
    whole = Table(title=f"{report['weights']['model_version_tag']} on {data['split']}, {data['pictures']} pictures")
    headings = ("precision", "prior", "truth", "pictures", "accuracy", "macro recall", "calibration error")
    for heading in headings:
        whole.add_column(heading)
    for precision in ("f32", "default"):
        for prior in ("even", "typical"):
            for truth, entry in report[precision][prior].items():
                shares = (entry.get("accuracy", entry.get("agreement")), entry.get("macro_recall"))
                cells = (_cell(share) for share in (*shares, entry["calibration_error"]))
                whole.add_row(precision, prior, truth, str(entry["pictures"]), *cells)
    console.print(whole)
    points = {prior: report["f32"][prior]["majority"]["classes"] for prior in ("even", "typical")}
    classes = Table("class", "pictures", *(f"{prior}: {name}" for prior in points for name in ("recall", "precision")))
    for name, entry in points["even"].items():
        cells = (_cell(by_class[name][column]) for by_class in points.values() for column in ("recall", "precision"))
        classes.add_row(name, str(entry["pictures"]), *cells)
    console.print(classes)
    if "disturbed" in report:
        disturbed = Table("disturbed", *(f"{prior}: {name}" for prior in points for name in ("accuracy", "recall")))
        for name in report["disturbed"]["even"]:
            entries = (report["disturbed"][prior][name] for prior in points)
            cells = (_cell(entry[column]) for entry in entries for column in ("accuracy", "macro_recall"))
            disturbed.add_row(name, *cells)
        console.print(disturbed)
    files = ", ".join(f"{entry['name']} {entry['bytes']:,} bytes" for entry in report["weights"]["files"].values())
    times = ", ".join(f"{report[precision]['latency']['median_ms']} ms {precision}" for precision in ("f32", "default"))
    console.print(f"{report['weights']['total_params']:,} parameters; {files}; one picture {times}", highlight=False)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
