"""Servers that live as long as this process, for tests and checks.

`python -m itsm.throwaway FILE.py ARGUMENTS…` runs one Python file with them.

Migrating from nothing costs seconds, so migrated clusters are kept on a shelf (itsm.shelf) between runs.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from itsm.embedded import Embedded
from itsm.environment import ROOT
from itsm.shelf import Shelf


def start() -> None:
    """Start what DATABASE_URL and REDIS_URL do not give and export them; a temporary directory goes with us.

    A child process, such as a worker of pytest-xdist, inherits the environment and starts nothing.
    """
    if "SPINDEL_TEST_DATA" in os.environ:
        return
    shelf = Shelf.of_this_machine()
    postgres, valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    place = Path(tempfile.mkdtemp(prefix="spindel-test-"))
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root the user nobody may have to pass
    os.environ |= {
        "SPINDEL_TEST_DATA": str(place),
        "SPINDEL_DATA": str(place),
        "SPINDEL_SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "SPINDEL_JOURNAL_KEY": "only-for-tests",
    }
    servers = Embedded(place / "embedded", durable=False, postgres=postgres, valkey=valkey)
    pid = os.getpid()

    def stop() -> None:
        if os.getpid() == pid:  # not in a forked child
            servers.stop()
            if postgres:
                shelf.keep(place)
            shutil.rmtree(place, ignore_errors=True)
            shutil.rmtree(servers.sockets, ignore_errors=True)

    atexit.register(stop)
    if postgres or valkey:
        if postgres:
            shelf.bring(place)
        os.environ |= servers.start()


if __name__ == "__main__":
    start()
    raise SystemExit(subprocess.run([sys.executable, *sys.argv[1:]], check=False, cwd=ROOT).returncode)
