"""Render songs of known tempo: ``python -m benchmarks.render FOLDER``.

Needs mido, and fluidsynth with a General MIDI sound font (Debian: `fluidsynth`,
`fluid-soundfont-gm`). The tempo is drawn first, evenly on a logarithmic scale, then a style that is
counted at it (`grooves.toml`), so that no tempo is left to one style. `manifest.csv` in the folder
says what was written, for `benchmarks.train_tempo --also` and, with --every-style, for
`benchmarks.meter --train`. What is there already is kept.
"""

import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.random import Generator
from scipy import fft, ndimage

from benchmarks.arranging import arrange
from benchmarks.grooves import Groove, grooves
from benchmarks.synth import SAMPLE_RATE, Audio, save

try:
    from benchmarks.performing import performed, played, with_voice, without_melody
except ModuleNotFoundError as error:
    raise SystemExit(
        f"render: needs {error.name}, which is not installed: pip install mido"
    ) from None

SLOWEST, FASTEST = 58.0, 205.0
"""BPM: a little beyond what people run and ride to."""
SECONDS = (30.0, 44.0)
"""Shortest and longest song, as long as the excerpts of recordings that are trained on."""
USUALLY_SUNG = 0.7
SUNG = {"dance": 0.4, "game": 0.1, "march": 0.1, "jazz": 0.4}
"""Share of the songs of a family in which a voice has the melody."""
FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
"""Where Debian has it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one song is to be."""

    groove: Groove
    bpm: float
    seconds: float
    seed: tuple[int, int]

    @property
    def name(self) -> str:
        """Name of its file."""
        seed, number = self.seed
        return f"{seed}-{number:04d}-{self.groove.name}.ogg"


def plans(songs: int, seed: int, *, every: bool = False) -> list[Plan]:
    """Draw tempi and styles.

    Parameters
    ----------
    songs : int >= 0
        The first songs of more are those of fewer.
    seed : int >= 0
    every : bool
        Also of the styles from which only meters are learned.
    """
    book = [groove for groove in grooves() if every or not groove.meter_only]
    found = []
    for number in range(songs):
        rng = np.random.default_rng((seed, number, 0))
        bpm = round(float(SLOWEST * (FASTEST / SLOWEST) ** rng.random()), 3)
        fitting = [g for g in book if g.bpm[0] <= bpm <= g.bpm[1]]
        groove = fitting[int(rng.integers(len(fitting)))]
        found.append(Plan(groove, bpm, float(rng.uniform(*SECONDS)), (seed, number)))
    return found


def mixed(y: Audio, rng: Generator) -> Audio:
    """Give a song a sound of its own: equalizer, compressor and overdrive, each more or less."""
    points = fft.next_fast_len(len(y))
    octaves = np.log2(np.maximum(fft.rfftfreq(points, 1 / SAMPLE_RATE), 20) / 1_000)
    bends = np.interp(octaves, np.linspace(-5.5, 4.5, 6), rng.normal(0, 3.5, 6))
    gain = 10 ** ((rng.normal(0, 1.2) * octaves + bends) / 20)
    y = fft.irfft(fft.rfft(y, points) * gain.astype(np.float32))[: len(y)]
    power = ndimage.uniform_filter1d(y**2, SAMPLE_RATE // 20)
    y = y * (power + power.mean() / 10) ** (-0.5 * rng.uniform(0, 0.7))
    y = y / np.abs(y).max()
    drive = float(rng.uniform(0.5, 4.0))
    return np.asarray(0.8 * np.tanh(drive * y) / np.tanh(drive), np.float32)[:, None]


def render(plan: Plan, folder: Path, font: Path) -> None:
    """Write one song into a folder; what is interrupted does not get its name."""
    rng = np.random.default_rng((*plan.seed, 1))
    score = performed(arrange(plan.groove, plan.bpm, plan.seconds, rng), plan.bpm, rng)
    scratch = (folder / plan.name).with_suffix(".part.ogg")
    if rng.random() < SUNG.get(plan.groove.family, USUALLY_SUNG):
        y = played(without_melody(score), plan.bpm, font, scratch, rng)
        y = with_voice(score, plan.bpm, y, rng)
    else:
        y = played(score, plan.bpm, font, scratch, rng)
    y = mixed(y[: round(plan.seconds * SAMPLE_RATE)], rng)
    save(scratch, y).rename(folder / plan.name)


def write_manifest(made: list[Plan], folder: Path) -> None:
    """Tell what the folder has, as `benchmarks.excerpts` reads it."""
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "true_bpm", "group", "source", "genre", "meter"])
        for plan in made:
            family = f"groove_{plan.groove.family}"
            style = plan.groove
            rows.writerow([plan.name, plan.bpm, "rendered", family, style.name, style.meter])


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--songs", default=600, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--every-style", is_flag=True, help="For the meter: more waltzes, jigs and others.")
@click.option("--font", default=FONT, show_default=True, type=click.Path(path_type=Path))
@click.option("--jobs", default=1, show_default=True, help="Songs at a time.")
def main(folder: Path, songs: int, seed: int, every_style: bool, font: Path, jobs: int) -> None:
    if not shutil.which("fluidsynth") or not font.exists():
        raise click.ClickException(
            f"rendering needs fluidsynth and {font} (Debian: fluidsynth, fluid-soundfont-gm)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    made = plans(songs, seed, every=every_style)
    missing = [plan for plan in made if not (folder / plan.name).exists()]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda plan: render(plan, folder, font), missing))
    write_manifest(made, folder)
    click.echo(f"{len(made)} songs in {folder}")


if __name__ == "__main__":
    main()
