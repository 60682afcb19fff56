"""Compare tempo estimators on music of known tempo.

    python -m benchmarks.tempo --manifest CSV [--engines ours,librosa] [--limit 100]
    python -m benchmarks.tempo --mirdata gtzan_genre --data-home DIR

The manifest is a CSV of path and true_bpm and, if known, group and source; paths are relative to
it. Every engine runs in a process of its own; a crash or a failure counts as wrong. Processor
time is counted, decoding included, with one thread where an engine can be told so.
"""

import argparse
import os
import resource
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from benchmarks import scores
from benchmarks.engines import DECODING, ENGINES, Answer, Engine
from benchmarks.excerpts import TRAINED_ON, Excerpt, read_manifest
from benchmarks.mir import read_mirdata
from benchmarks.scores import Decoded, Result, Results
from tempo.pool import WORKER_VARIABLES


def main() -> None:
    options = _options()
    excerpts = (
        read_manifest(options.manifest)
        if options.manifest
        else read_mirdata(options.mirdata, options.data_home)
    )
    excerpts = excerpts[:: max(1, len(excerpts) // (options.limit or len(excerpts)))]
    os.environ.update(WORKER_VARIABLES)
    print(caution(excerpts))
    engines = []
    for name in options.engines.split(","):
        if ENGINES[name].installed():
            engines.append(ENGINES[name])
        else:
            print(f"{name} is not installed: {ENGINES[name].install}")
    results = compare([*engines, DECODING], excerpts)
    decoding = decoded(results.pop(DECODING.name))
    scores.print_accuracy(results)
    scores.print_errors(results)
    scores.print_groups(results)
    scores.print_confidence(results)
    scores.print_speed(results, decoding)
    scores.print_formats(results, decoding)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--manifest", type=Path)
    source.add_argument("--mirdata", metavar="NAME", help="a data set that mirdata knows")
    parser.add_argument("--data-home", type=Path, help="where that data set lies")
    parser.add_argument("--engines", default=",".join(ENGINES), help="comma-separated")
    parser.add_argument("--limit", type=int, help="take about this many songs, evenly spread")
    options = parser.parse_args()
    if options.mirdata and not options.data_home:
        parser.error("--mirdata needs --data-home")
    if unknown := set(options.engines.split(",")) - ENGINES.keys():
        parser.error(f"no engine is called {', '.join(sorted(unknown))}: {', '.join(ENGINES)}")
    return options


def caution(excerpts: list[Excerpt]) -> str:
    """Say how far these songs can judge an estimator that was trained on some of them."""
    seen = sum(excerpt.family in TRAINED_ON for excerpt in excerpts)
    if not seen:
        return f"{len(excerpts)} songs, none from a source that our model was trained on."
    return (
        f"CAUTION: {seen} of these {len(excerpts)} songs come from sources that our model was "
        "trained on. What is said of `ours` tells how well it remembers them, not how well it "
        "hears new ones: for that see `python -m benchmarks.train_tempo`, which leaves out the "
        "source that it judges by. Speed, and the figures of the others, are not touched by this."
    )


def compare(engines: list[Engine], excerpts: list[Excerpt]) -> Results:
    """Ask all about each excerpt in turn, so that a machine's moods are shared."""
    answers = zip(*(run(engine, excerpts) for engine in engines), strict=True)
    columns = zip(*answers, strict=True)
    return {engine.name: list(each) for engine, each in zip(engines, columns, strict=True)}


def run(engine: Engine, excerpts: list[Excerpt]) -> Iterator[Result]:
    """Ask one engine about every excerpt."""
    pool = _pool()
    for excerpt in excerpts:
        try:
            answer, cpu, peak = pool.submit(_ask, engine, excerpt.path).result()
        except BrokenProcessPool:
            print(f"{engine.name}: {excerpt.path.name}: the process died")
            pool = _pool()
            answer, cpu, peak = Answer(()), 0.0, 0.0
        yield Result(excerpt, answer, cpu, peak)
    pool.shutdown()


def decoded(results: list[Result]) -> list[Decoded]:
    """Return what decoding alone took, from the answers of `DECODING`."""
    return [Decoded(sum(result.answer.bpms), result.cpu) for result in results]


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _ask(engine: Engine, path: Path) -> tuple[Answer, float, float]:
    warnings.simplefilter("ignore")  # peers warn about each other, once a song
    start = _cpu()
    try:
        answer = engine.estimate(path)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises, it has no answer
        print(f"{engine.name}: {path.name}: {error}")
        answer = Answer(())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer, _cpu() - start, peak


def _cpu() -> float:
    """Return processor seconds so far, those of finished children (decoders) included."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
