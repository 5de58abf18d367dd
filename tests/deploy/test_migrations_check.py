"""The check of migrations sees what is missing, and this project has all its migrations."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from deploy.checks import migrations


def test_this_project_has_all_its_migrations() -> None:
    assert migrations.faults() == []


def test_a_model_without_migration_is_seen(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_migrations_here").mkdir()
    (tmp_path / "no_migrations_here" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"authtoken": "no_migrations_here"}
    assert migrations.faults() == ["authtoken: Create model Token", "authtoken: Create proxy model TokenProxy"]
