"""A short second stage on chosen messages -> OUT/{train,dev,test}.jsonl, for `train --start RUN`.

    python -m classifier.encoder.stage --work WORK --ids syn-ruling --out OUT [--times 2] [--beside 3000] [--seed 7]

Takes the training messages of WORK whose id begins with --ids, so many times each, and beside them a sample of the
others with at least one of every label, so that what was known is not forgotten. dev and test stay as they are. The
finished stage is averaged with the run it began from (`average`): alone it forgets more than it learns.
"""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path

from classifier.encoder.records import Record, read_records, write_records


def stage(work: Path, out: Path, ids: str, *, times: int = 2, beside: int = 3000, seed: int = 7) -> list[Record]:
    """Writes the work folder of the stage and returns its training messages. ValueError when no id fits."""
    rows = list(read_records(work / "train.jsonl"))
    chosen = [row for row in rows if row.id.startswith(ids)]
    if not chosen:
        raise ValueError(f"{work}: no training message whose id begins with {ids}")
    draw = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    others = [row for row in rows if not row.id.startswith(ids)]
    draw.shuffle(others)
    first: dict[str, Record] = {}
    for row in others:
        first.setdefault(row.label, row)
    more = [row for row in others if first[row.label] is not row]
    kept = [*first.values(), *more[: max(beside - len(first), 0)], *chosen * times]
    draw.shuffle(kept)
    out.mkdir(parents=True, exist_ok=True)
    write_records(out / "train.jsonl", kept)
    for part in ("dev", "test"):
        shutil.copy(work / f"{part}.jsonl", out / f"{part}.jsonl")
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--beside", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    rows = stage(given.work, given.out, given.ids, times=given.times, beside=given.beside, seed=given.seed)
    print(f"{len(rows)} messages")


if __name__ == "__main__":
    main()
