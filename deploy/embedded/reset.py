"""`make reset`: removes everything the system keeps in its state folder, unless something still uses it."""

from __future__ import annotations

import os
import sys

from deploy.embedded.lock import Lock
from deploy.embedded.place import Place, place_of, state_folder


def in_use(place: Place) -> list[str]:
    """Names of the locks that a living process holds."""
    files = [place.state / "run.lock", place.servers / "postgres.lock", place.servers / "valkey.lock"]
    locks = [Lock(file) for file in files if file.exists()]
    busy = [lock.path.stem for lock in locks if not lock.take()]
    for lock in locks:
        lock.release()
    return busy


def main() -> int:
    state = state_folder(os.environ)
    if not state.exists():
        sys.stdout.write(f"没有可清除的数据：{state} 不存在。\n")
        return 0
    place = place_of(state)
    if busy := in_use(place):
        sys.stderr.write(f"系统仍在运行（{'、'.join(busy)}）。请先按 Ctrl-C 停止 make run，再执行 make reset。\n")
        return 1
    place.erase()
    sys.stdout.write(f"已清除 {place.state}。外部数据库（如有）未受影响。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
