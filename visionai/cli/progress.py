"""What training shows while it runs, and figures as tables."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from ..training.validation import EpochFigures


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


def show_report(console: Console, report: dict[str, Any]) -> None:
    """Print the figures of an evaluation: the whole by precision and truth, then class by class."""
    data = report["data"]
    whole = Table(title=f"{report['weights']['model_version_tag']} on {data['split']}, {data['pictures']} pictures")
    for heading in ("precision", "truth", "pictures", "accuracy", "macro recall", "calibration error", "ms a picture"):
        whole.add_column(heading)
    for precision in ("f32", "default"):
        for truth in ("majority", "label"):
            if truth in report[precision]:
                figures, time = report[precision][truth], report[precision]["latency"]["median_ms"]
                shares = (figures[name] for name in ("accuracy", "macro_recall", "calibration_error"))
                cells = (f"{share:.4f}" for share in shares)
                whole.add_row(precision, truth, str(figures["pictures"]), *cells, str(time))
    console.print(whole)
    classes = Table("class", "pictures", "recall", "precision", title="by class, float32, against the majority")
    for name, entry in report["f32"]["majority"]["classes"].items():
        classes.add_row(name, *(_cell(entry[column]) for column in ("pictures", "recall", "precision")))
    console.print(classes)
    if "disturbed" in report:
        disturbed = Table("disturbed", "accuracy", "macro recall")
        for name, entry in report["disturbed"].items():
            disturbed.add_row(name, _cell(entry["accuracy"]), _cell(entry["macro_recall"]))
        console.print(disturbed)
    files = ", ".join(f"{entry['name']} {entry['bytes']:,} bytes" for entry in report["weights"]["files"].values())
    console.print(f"{report['weights']['total_params']:,} parameters; {files}", highlight=False)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
