"""Is the OpenAPI document valid, and are the frontend's types made from it? `python -m deploy.checks.api_types`

With --write (`make types`) the types are written instead of compared. How they are made says the script "types" of
frontend/package.json.
"""

from __future__ import annotations

import difflib
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import openapi_spec_validator

PROJECT = Path(__file__).resolve().parent.parent.parent
FRONTEND = PROJECT / "frontend"
TYPES = FRONTEND / "src" / "api" / "schema.d.ts"


def make_types(folder: Path) -> str:
    """The TypeScript types of the API as the code has it now. Raises on an invalid document and on warnings."""
    document, types = folder / "openapi.json", folder / "schema.d.ts"
    words = ["spectacular", "--format", "openapi-json", "--validate", "--fail-on-warn", "--file", str(document)]
    subprocess.run([sys.executable, str(PROJECT / "manage.py"), *words], check=True)
    openapi_spec_validator.validate(json.loads(document.read_text(encoding="utf-8")))
    script = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["scripts"]["types"]
    places = {"openapi.json": str(document), str(TYPES.relative_to(FRONTEND)): str(types)}
    program, *words = [places.get(word, word) for word in shlex.split(script)]
    command = [str(FRONTEND / "node_modules" / ".bin" / program), *words]
    subprocess.run(command, cwd=FRONTEND, check=True, stdout=subprocess.DEVNULL)
    return types.read_text(encoding="utf-8")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        fresh = make_types(Path(folder))
    if "--write" in sys.argv[1:]:
        TYPES.write_text(fresh, encoding="utf-8")
        return 0
    kept = TYPES.read_text(encoding="utf-8") if TYPES.exists() else ""
    changes = difflib.unified_diff(kept.splitlines(), fresh.splitlines(), str(TYPES.relative_to(PROJECT)), "now", n=1)
    shown = list(changes)[:40]
    if shown:
        sys.stderr.write("\n".join([*shown, "the frontend's types are not those of the API: run `make types`"]) + "\n")
        return 1
    sys.stdout.write("OpenAPI is valid; the frontend's types are fresh\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
