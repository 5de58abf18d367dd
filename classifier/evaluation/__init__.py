"""How good a model is on labelled messages, and beside what: docs/evaluation.md."""
