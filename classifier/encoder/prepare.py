"""Step 1: labelled JSONL files -> train.jsonl, dev.jsonl, test.jsonl and the frozen split.

    python -m classifier.encoder.prepare --out WORK [--split SPLIT.jsonl] [--revisions R.jsonl] LABELLED.jsonl ...

Exact copies are dropped (the surest reader's label stays). Near-duplicates stay on one side. A split that
exists is kept: it names the messages of dev and test by id and hash, without their text; all others train.
Revisions are the labels of a second reading, by hash ({"hash","label","second","confidence"}); they change
training messages only, never dev and test.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from classifier.encoder.records import SYNTHETIC, Record, read_records, write_records
from classifier.near_duplicates import group_ids, plain

SEED = 20261122
PARTS = ("train", "dev", "test")
_SURENESS = {"high": 0, "medium": 1, "low": 2}


def text_hash(record: Record) -> str:
    """First 16 hex digits of the SHA-256 of the message's letters and digits."""
    return hashlib.sha256(plain(record.title + record.text).encode()).hexdigest()[:16]


def without_copies(records: Iterable[Record]) -> list[Record]:
    """One record a text: of exact copies the one whose reader was surest, else the first."""
    best: dict[str, Record] = {}
    for record in records:
        kept = best.setdefault(text_hash(record), record)
        if _SURENESS[record.confidence] < _SURENESS[kept.confidence]:
            best[text_hash(record)] = record
    return list(best.values())


def new_split(records: Sequence[Record], groups: Sequence[int]) -> dict[str, str]:
    """Part of each id that does not train: a tenth dev, a tenth test, by group, topics in proportion."""
    test, dev = parts_by_group(records, groups, 10)[:2]
    return {record.id: part for part, rows in (("test", test), ("dev", dev)) for record in rows}


def parts_by_group(records: Sequence[Record], groups: Sequence[int], count: int) -> list[list[Record]]:
    """The messages that people wrote in so many parts, near-duplicates together; what was made up measures nothing."""
    real = [place for place, record in enumerate(records) if record.source != SYNTHETIC]
    labels = [records[place].label for place in real]
    folds = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=SEED)
    sides = folds.split(np.zeros(len(real)), labels, [groups[place] for place in real])
    return [[records[real[i]] for i in rows] for _, rows in sides]


def read_split(path: Path) -> dict[str, str]:
    """Part by text hash; labels may be revised and ids reused, the text decides."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["hash"]: row["part"] for row in rows}


def write_split(path: Path, records: Iterable[Record], parts: dict[str, str]) -> None:
    rows = [
        {"id": record.id, "hash": text_hash(record), "part": parts[record.id]}
        for record in records
        if record.id in parts
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def revised(record: Record, second_reading: dict[str, str | None]) -> Record:
    """The record after a second reader, who did not know the first one's label, has read it.

    Where both agree the label is surer than before; where not, the second reader's counts and the first one's
    stays as the other topic to be seen in it.
    """
    label = str(second_reading["label"])
    other = second_reading["second"] or record.second
    if label == record.label:
        surer = "medium" if record.confidence == "low" else record.confidence
        return replace(record, second=other, confidence=surer)
    second = record.label if second_reading["confidence"] != "high" else other
    return replace(record, label=label, second=second, confidence=second_reading["confidence"] or "medium")


def read_revisions(path: Path) -> dict[str, dict[str, str | None]]:
    """Second readings by text hash."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["hash"]: row for row in rows}


def prepare(labelled: Sequence[Path], out: Path, split: Path, revisions: Path | None = None) -> dict[str, list[Record]]:
    """Write the three parts under `out` and the split when there is none; returns the parts.

    A message near to one of dev or test never trains, also when it came after the split was made.
    """
    records = without_copies(record for path in labelled for record in read_records(path))
    groups = group_ids([record.title + record.text for record in records])
    if not split.exists():
        write_split(split, records, new_split(records, groups.tolist()))
    frozen = read_split(split)
    part_of_group: dict[int, str] = {}
    for record, group in zip(records, groups.tolist(), strict=True):
        if part := frozen.get(text_hash(record)):
            part_of_group[group] = part
    second = read_revisions(revisions) if revisions else {}
    parts: dict[str, list[Record]] = {part: [] for part in PARTS}
    for record, group in zip(records, groups.tolist(), strict=True):
        own = frozen.get(text_hash(record))
        if own:
            parts[own].append(record)
        elif group not in part_of_group:
            reading = second.get(text_hash(record))
            parts["train"].append(revised(record, reading) if reading else record)
    out.mkdir(parents=True, exist_ok=True)
    for part, rows in parts.items():
        write_records(out / f"{part}.jsonl", rows)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", type=Path, default=Path(__file__).with_name("split.jsonl"))
    parser.add_argument("--revisions", type=Path)
    options = parser.parse_args()
    for part, rows in prepare(options.labelled, options.out, options.split, options.revisions).items():
        common = ", ".join(f"{code} {n}" for code, n in Counter(r.label for r in rows).most_common(5))
        print(f"{part}: {len(rows)} messages; {common}")


if __name__ == "__main__":
    main()
