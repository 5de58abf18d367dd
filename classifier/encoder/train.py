"""Step 3: fine-tune the encoder on WORK/train.jsonl -> RUN/model.safetensors, labels.json, progress.jsonl.

    python -m classifier.encoder.train --base BASE --work WORK --out RUN [--epochs 5] [--teacher teacher] ...

Encoder in bf16 with fp32 master weights, embeddings frozen, layer-wise learning rates, length buckets,
warm-up and linear decay. `--teacher` distils WORK/ngrams-TEACHER.npz (out-of-fold probabilities). A checkpoint
is written every ten minutes and each epoch; the same command continues from it, with the batches it would
have seen. `--start RUN` begins with the weights and heads of a finished run instead of BASE's (a second
stage on better labels).
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from classifier.encoder import metrics
from classifier.encoder import network as networks
from classifier.encoder.batches import Texts, batches
from classifier.encoder.masters import Masters, schedule
from classifier.encoder.network import Network
from classifier.encoder.records import DOMAINS, domain_of, read_records
from classifier.encoder.targets import Targets
from classifier.encoder.tokens import LIMIT, padded

CHECKPOINT_SECONDS = 600
REPORT_STEPS = 50


@dataclass(frozen=True, slots=True)
class Options:
    """rate: of the top layer; each layer below learns `decay` times as fast. teacher_share: of the targets.

    untitled: share of messages seen without title; hidden: share of tokens masked.
    """

    epochs: float = 5.0
    batch: int = 16
    rate: float = 1.2e-4
    decay: float = 0.92
    limit: int = LIMIT
    teacher_share: float = 0.3
    untitled: float = 0.1
    hidden: float = 0.05
    seed: int = 1


class Training:
    """One run: its data, network and optimiser. `teacher`: the kind of n-grams of the work folder to distil."""

    def __init__(
        self, base: Path, work: Path, options: Options, *, teacher: str = "none", start: Path | None = None
    ) -> None:
        torch.manual_seed(options.seed)
        rows = list(read_records(work / "train.jsonl"))
        self.dev = list(read_records(work / "dev.jsonl"))
        labels = tuple(sorted({r.label for r in rows} | {r.label for r in self.dev}))
        soft = _teacher(work / f"ngrams-{teacher}.npz", labels, len(rows)) if teacher != "none" else None
        self.options = options
        self.targets = Targets(rows, labels, soft, options.teacher_share)
        self.texts = Texts(base, rows, options.limit, options.untitled, options.hidden)
        dev_texts = Texts(base, self.dev, options.limit)
        self.dev_rows = [dev_texts.row(i) for i in range(len(self.dev))]
        self.network = networks.load(start) if start else networks.from_base(base, labels)
        if self.network.labels != labels:
            raise ValueError(f"{start} was trained on other labels")
        self.network.encoder.embeddings.requires_grad_(False)
        self.network.encoder.to(torch.bfloat16)
        self.masters = Masters(self.network, options.rate, options.decay)
        self.per_epoch = math.ceil(len(rows) / options.batch)
        self.steps = int(self.per_epoch * options.epochs)

    def plan(self, epoch: int) -> list[NDArray[np.int64]]:
        """The batches of an epoch, the same for the same seed."""
        rng = np.random.default_rng([self.options.seed, epoch])
        return batches(self.texts.lengths, self.options.batch, rng)

    def step(self, step: int, rows: NDArray[np.int64]) -> tuple[float, int]:
        """One update on a batch; returns its loss and number of tokens."""
        rng = np.random.default_rng([self.options.seed, *divmod(step, self.per_epoch)])
        torch.manual_seed(self.options.seed * 1_000_003 + step)
        ids, mask = padded([self.texts.varied(i, rng) for i in rows])
        self.network.train()
        value = self.targets.loss(self.network(torch.from_numpy(ids), torch.from_numpy(mask)), rows)
        value.backward()
        self.masters.step(schedule(step, self.steps))
        return float(value.detach()), int(mask.sum())

    def dev_accuracy(self) -> dict[str, float]:
        """Shares of dev messages with the reader's topic, domain, and topic among the first three."""
        labels = self.network.labels
        p = metrics.probabilities(topic_logits(self.network, self.dev_rows))
        truth = np.array([labels.index(r.label) for r in self.dev])
        domain = metrics.domain_probabilities(p, labels).argmax(1)
        own = np.array([DOMAINS.index(domain_of(r.label)) for r in self.dev])
        return {
            "topic": float((p.argmax(1) == truth).mean()),
            "topic_in_domain": float((metrics.best_topics(p, labels) == truth).mean()),
            "domain": float((domain == own).mean()),
            "top3": float((np.argsort(-p, axis=1)[:, :3] == truth[:, None]).any(1).mean()),
        }


def topic_logits(network: Network, rows: Sequence[list[int]], size: int = 16) -> NDArray[np.float32]:
    """Logits [n, topics] in the order of `rows`."""
    order = np.argsort([len(row) for row in rows], kind="stable")
    parts = []
    network.eval()
    with torch.no_grad():
        for start in range(0, len(order), size):
            ids, mask = padded([rows[i] for i in order[start : start + size]])
            parts.append(network(torch.from_numpy(ids), torch.from_numpy(mask)).topic)
    logits: NDArray[np.float32] = torch.cat(parts).numpy()[np.argsort(order)]
    return logits


def train(
    base: Path, work: Path, out: Path, options: Options, *, teacher: str = "none", start: Path | None = None
) -> None:
    """Run or continue the training; `out` holds the finished network and one line of numbers an epoch."""
    run = Training(base, work, options, teacher=teacher, start=start)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    done = run.masters.restore(checkpoint) if checkpoint.exists() else 0
    print(f"{run.texts.lengths.mean():.0f} tokens a message, {run.steps} steps, from {done}", flush=True)
    saved = started = time.monotonic()
    tokens, losses = 0, []
    plan = run.plan(done // run.per_epoch)
    for step in range(done, run.steps):
        epoch, place = divmod(step, run.per_epoch)
        if place == 0:
            plan = run.plan(epoch)
        loss, count = run.step(step, plan[place])
        losses.append(loss)
        tokens += count
        if step % REPORT_STEPS == REPORT_STEPS - 1:
            pace = tokens / (time.monotonic() - started)
            mean = np.mean(losses[-REPORT_STEPS:])
            print(f"step {step + 1}/{run.steps} loss {mean:.3f} {pace:.0f} tokens/s", flush=True)
        last = place == run.per_epoch - 1 or step == run.steps - 1
        if last:
            line = {"step": step + 1, "loss": float(np.mean(losses[-run.per_epoch :])), **run.dev_accuracy()}
            with (out / "progress.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)
        if last or time.monotonic() - saved > CHECKPOINT_SECONDS:
            run.masters.save(checkpoint, step + 1)
            saved = time.monotonic()
    networks.save(run.network, {**run.network.state_dict(), **run.masters.copies}, out)
    used = {**asdict(options), "teacher": teacher, "start": start.name if start else ""}
    (out / "options.json").write_text(json.dumps(used), encoding="utf-8")


def _teacher(path: Path, labels: tuple[str, ...], rows: int) -> NDArray[np.float32]:
    stored = np.load(path)
    codes = stored["labels"].tolist()
    p: NDArray[np.float32] = np.exp(stored["train"][:, [codes.index(code) for code in labels]])
    if len(p) != rows:
        raise ValueError(f"{path} has {len(p)} rows, the training file {rows}: run the yardsticks again")
    p /= p.sum(axis=1, keepdims=True)
    return p


def main() -> None:
    defaults = asdict(Options())
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--teacher", choices=("none", "svm", "teacher"), default="none")
    parser.add_argument("--start", type=Path)
    for name, value in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    options = Options(**{name: given[name] for name in defaults})
    train(given["base"], given["work"], given["out"], options, teacher=given["teacher"], start=given["start"])


if __name__ == "__main__":
    main()
