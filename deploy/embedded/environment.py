"""Which servers are embedded, and the variables that `deploy.settings` reads when they are.

Set DATABASE_URL (or PGHOST / PGSERVICE) and REDIS_URL to use real servers: what is set is never replaced.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

from deploy.embedded.keys import kept_keys
from deploy.embedded.place import place_of, private_folder, state_folder


def embeds_postgres(environ: Mapping[str, str]) -> bool:
    return not any(environ.get(name) for name in ("DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"))


def embeds_valkey(environ: Mapping[str, str]) -> bool:
    return not environ.get("REDIS_URL")


def fill_in(environ: MutableMapping[str, str]) -> None:
    """Adds the addresses of the embedded servers and, with an embedded database, its keys. Starts nothing.

    With a real database the keys must come from the environment: a generated key that gets lost with a state folder
    would make stored personal data unreadable.
    """
    if not (embeds_postgres(environ) or embeds_valkey(environ)):
        return
    place = place_of(state_folder(environ))
    if embeds_postgres(environ):
        private_folder(place.state, os.getuid(), mode=place.state_mode)
        environ.update({name: key for name, key in kept_keys(place.state).items() if not environ.get(name)})
        environ["DATABASE_URL"] = place.database_url()
    if embeds_valkey(environ):
        environ["REDIS_URL"] = place.redis_url
