"""`flask model`: train, measure and export weights; `versions` adds how one is chosen to serve.

What needs TensorFlow is imported within the commands that need it, so that a server can do without.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app
from rich.console import Console
from rich.table import Table

from ..errors import SetupError
from ..services.weights import versions
from ..vision.classifier import open_classifier
from ..vision.weights import WeightsManifest
from .groups import CommandGroup

model = CommandGroup("model", help="Train, measure, export and activate weights of the network.")

FILE = click.Path(path_type=Path)
_data = click.option(
    "--data", type=FILE, required=True, help="An .npz, Kaggle's fer2013.csv, or a folder with train/<emotion>/*.jpg."
)


@model.command(with_appcontext=False)
@_data
@click.option("--output", type=FILE, default=Path("runs/train"), show_default=True, help="Folder of the run.")
@click.option("--epochs", type=click.IntRange(1), help="Times through the pictures; a resumed run may get more.")
@click.option("--batch-size", type=click.IntRange(2))
@click.option("--seed", type=click.IntRange(0))
@click.option("--precision", type=click.Choice(["mixed_bfloat16", "float32"]), help="Arithmetic while training.")
@click.option("--peak-rate", type=click.FloatRange(0, min_open=True), help="The highest learning rate.")
@click.option("--warm-up", type=click.FloatRange(0), help="Epochs until the peak rate is reached.")
@click.option("--cool-down", type=click.FloatRange(0, 1), help="Share of the run over which the rate falls.")
@click.option("--vote-share", type=click.FloatRange(0, 1), help="Share of FER+'s votes in what is to be learned.")
@click.option("--stretch", type=click.FloatRange(0, 1), help="Width and height change separately by exp(±this).")
@click.option("--halves", type=click.FloatRange(0, 1), help="Share of faces that get a half of another one.")
@click.option("--field", type=click.FloatRange(0, 1), help="Share of faces under uneven light.")
@click.option("--coarse", type=click.FloatRange(0, 1), help="Share of faces in low resolution.")
@click.option("--objective", type=click.Choice(["blend", "annotators"]), help="One target, or two annotators.")
@click.option("--validate-every", type=click.IntRange(1), help="Epochs from one validation to the next.")
@click.option(
    "--resume",
    is_flag=False,
    flag_value="",
    help="Alone: go on with the run in --output. With a weights file: begin a run with these weights.",
)
def train(data: Path, output: Path, resume: str | None, **chosen: int | float | str | None) -> None:
    """Train the network and keep the best weights as OUTPUT/weights.h5.

    Folders of pictures are train/<emotion>/*.jpg, and validation/ and test/ alike where there are any; without
    validation/ a tenth of train/ stands in for it. The emotions are angry, disgust, fear, happy, neutral, sad and
    surprise; a folder of another name is passed over.
    """
    from ..training.data.loaders import load_dataset
    from ..training.learning.settings import Settings
    from ..training.learning.train import Trainer
    from ..training.shipping.plots import draw_history
    from .progress import TrainingDisplay

    going_on = resume == ""
    if not going_on and (output / "checkpoint.npz").exists():
        raise SetupError(f"{output}: holds a run already; add --resume to go on with it, or name another --output")
    settings = Settings.read(output / "settings.json") if going_on else Settings()
    trainer = Trainer(load_dataset(data), settings.changed(**chosen), output)
    if going_on:
        trainer.resume()
    elif resume:
        trainer.start_from(Path(resume))
    console = Console()
    with TrainingDisplay(console, trainer.settings.epochs) as display:
        trainer.run(display.step, display.epoch)
    draw_history(trainer.history, output / "history.png")
    console.print(f"Best weights: {output / 'weights.h5'}; how they came about: {output / 'history.png'}")


@model.command(with_appcontext=False)
@click.argument("weights", type=FILE)
@_data
@click.option("--split", type=click.Choice(["training", "public", "private"]), default="private", show_default=True)
@click.option("--output", type=FILE, default=Path("runs/evaluation"), show_default=True, help="Folder for the report.")
@click.option("--disturb", is_flag=True, help="Also measure shifted, scaled, stretched, blurred, ... pictures.")
@click.option("--record", is_flag=True, help="Write the figures into the manifest of the weights, too.")
def evaluate(weights: Path, data: Path, split: str, output: Path, disturb: bool, record: bool) -> None:
    """Measure WEIGHTS (.json, .h5 or .tflite); print the figures and write them as JSON and PNG."""
    from ..training.data.dataset import Split
    from ..training.data.loaders import load_dataset
    from ..training.measuring.evaluate import evaluate as measure
    from ..training.measuring.evaluate import flat_metrics
    from ..training.shipping.manifest import write_manifest
    from ..training.shipping.plots import draw_report
    from .progress import show_report

    splits = {"training": Split.TRAINING, "public": Split.PUBLIC_TEST, "private": Split.PRIVATE_TEST}
    manifest = WeightsManifest.read(weights)
    report = measure(manifest, load_dataset(data), splits[split], with_disturbances=disturb)
    output.mkdir(parents=True, exist_ok=True)
    _write_json(output / f"{split}.json", report)
    draw_report(report, output, split)
    if record:
        write_manifest(weights.with_suffix(".json"), replace(manifest, metrics=flat_metrics(report)))
    console = Console()
    show_report(console, report)
    console.print(f"Written to {output}: {split}.json and its pictures")


@model.command(with_appcontext=False)
@click.argument("runs", type=FILE, nargs=-1, required=True, metavar="RUN...")
@_data
@click.option("--ancestor", type=FILE, required=True, help="The weights (.h5) that the runs began with.")
@click.option("--output", type=FILE, default=Path("runs/soup"), show_default=True, help="Folder for the mean.")
def soup(runs: tuple[Path, ...], data: Path, ancestor: Path, output: Path) -> None:
    """Average the weights of RUNs (folders of `train`, or .h5) as long as that helps on PublicTest."""
    from ..training.data.loaders import load_dataset
    from ..training.learning.soup import cook
    from .progress import show_ingredient

    report = cook(ancestor, runs, load_dataset(data), output, show_ingredient)
    click.echo(
        f"{output / 'weights.h5'}: the mean of {', '.join(report['kept'])}; proxy {report['score']['proxy']:.4f}"
    )


@model.command(with_appcontext=False)
@click.argument("weights", type=FILE)
@click.option("--data", type=FILE, help="Fit the operating points on the PublicTest split of this.")
@click.option("--output", type=FILE, help="Folder to write to; by default that of WEIGHTS.")
@click.option("--name", help="Name of the files without suffix; by default that of WEIGHTS.")
@click.option("--tag", help="Version tag; by default the one there was, or the name.")
def export(weights: Path, data: Path | None, output: Path | None, name: str | None, tag: str | None) -> None:
    """Write .h5, .tflite and .json of WEIGHTS (.h5) and check that both files answer alike."""
    from ..training.data.loaders import load_dataset
    from ..training.shipping.export import export as write

    folder, name = output or weights.parent, name or weights.stem
    exported = write(weights, folder, name, tag, load_dataset(data) if data else None)
    manifest = exported.manifest
    temperatures = ", ".join(f"{prior} {point.temperature}" for prior, point in manifest.priors.items())
    click.echo(
        f"{exported.path}: {manifest.model_version_tag}, {manifest.total_params:,} parameters, temperatures "
        f"{temperatures}; .h5 and .tflite differ by {exported.difference:.1e} at most"
    )


@model.command("measure-crop", with_appcontext=False)
@click.argument("weights", type=FILE)
@_data
@click.option("--output", type=FILE, default=Path("runs/evaluation"), show_default=True, help="Folder for crop.json.")
@click.option("--record", is_flag=True, help="Write the settings found into the manifest of the weights, too.")
def measure_crop(weights: Path, data: Path, output: Path, record: bool) -> None:
    """Learn from PublicTest how a face that was found is to be cropped for WEIGHTS."""
    from ..training.data.dataset import Split
    from ..training.data.loaders import load_dataset
    from ..training.measuring.framing import measure_framing
    from ..training.shipping.manifest import write_manifest
    from ..vision.crops import CropSettings
    from ..vision.detection.faces import DetectorNetworks

    manifest = WeightsManifest.read(weights)
    classifier = open_classifier(manifest)
    report = measure_framing(load_dataset(data).part(Split.PUBLIC_TEST), DetectorNetworks().detector(), classifier)
    output.mkdir(parents=True, exist_ok=True)
    _write_json(output / "crop.json", report)
    if record:
        write_manifest(weights.with_suffix(".json"), replace(manifest, crop=CropSettings(**report["chosen"])))
    click.echo(json.dumps({name: report[name] for name in ("pictures", "found", "as_they_are", "chosen")}))


@model.command(with_appcontext=False)
@click.argument("card", type=FILE, default=Path("docs/MODEL_CARD.md"))
@click.option("--reports", type=FILE, default=Path("docs/model"), show_default=True, help="Folder of the reports.")
def card(card: Path, reports: Path) -> None:
    """Fill the tables of the model CARD from the reports that the other commands wrote."""
    from ..training.shipping.card import fill

    if not card.is_file():
        raise SetupError(f"{card}: no such file; expected the model card")
    card.write_text(fill(card.read_text(encoding="utf-8"), reports), encoding="utf-8")
    click.echo(f"{card} is filled from {reports}.")


@model.command()
@click.argument("weights", type=FILE, required=False)
def info(weights: Path | None) -> None:
    """Say what WEIGHTS are (by default those this installation serves first), and list the registered versions."""
    path = weights or current_app.config["MODEL_PATH"]
    manifest = WeightsManifest.read(path)
    console = Console()
    console.print(f"{path.name}: {manifest.model_version_tag}", highlight=False)
    for file in (manifest.keras, manifest.tflite):
        # The image for servers has what they read, and not what training goes on from.
        if file is not None and (file.path.exists() or file is manifest.tflite):
            console.print(f"  {file.verified().name}  sha256 {file.sha256}", highlight=False)
    for name, value in manifest.metrics.items():
        console.print(f"  {name}: {value}", highlight=False)
    table = Table("tag", "state", "weights", "created")
    for version in versions.list_versions():
        created = version.creation_date.isoformat(timespec="seconds")
        table.add_row(version.model_version_tag, version.model_status, version.model_filename or "-", created)
    console.print(table)


def _write_json(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
