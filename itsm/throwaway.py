"""Servers that live as long as this process, for tests and checks.

`python -m itsm.throwaway FILE.py ARGUMENTS…` runs one Python file with them.

Migrating from nothing costs seconds, so a migrated cluster is kept in var/test-cluster under a name made from the
migrations' contents, and copied at the next start. Deleting the directory is always safe.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from itsm.embedded import INITDB, Embedded
from itsm.environment import ROOT, data_directory

TEMPLATE = "spindel_template"


def start() -> None:
    """Start what DATABASE_URL and REDIS_URL do not give and export them; a temporary directory goes with us.

    A child process, such as a worker of pytest-xdist, inherits the environment and starts nothing.
    """
    if "SPINDEL_TEST_DATA" in os.environ:
        return
    kept = cluster_cache()
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
                keep_cluster(place, kept)
            shutil.rmtree(place, ignore_errors=True)
            shutil.rmtree(servers.sockets, ignore_errors=True)

    atexit.register(stop)
    if postgres or valkey:
        bring_cluster(kept, servers.root / "postgres") if postgres else None
        os.environ |= servers.start()


def cluster_cache() -> Path:
    """Where the cluster migrated by the present migrations is kept."""
    digest = hashlib.sha256(" ".join(INITDB).encode())
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements.txt", ROOT / "itsm" / "settings.py"]:
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return data_directory() / "test-cluster" / digest.hexdigest()[:16]


def bring_cluster(kept: Path, target: Path) -> None:
    """Copy the kept cluster, if there is one and we may own it."""
    if kept.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["cp", "-a", "--reflink=auto", str(kept), str(target)], check=False, capture_output=True)
        if done.returncode:
            shutil.rmtree(target, ignore_errors=True)


def keep_cluster(place: Path, kept: Path) -> None:
    """After a run that made the template: keep it and forget those of other migrations."""
    if kept.exists() or not (place / "template-made").exists():
        return
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(place / "embedded" / "postgres", draft := kept.with_name(f"draft-{os.getpid()}"))
        draft.rename(kept)
        for other in kept.parent.iterdir():
            if other != kept:
                shutil.rmtree(other, ignore_errors=True)


if __name__ == "__main__":
    start()
    raise SystemExit(subprocess.run([sys.executable, *sys.argv[1:]], check=False, cwd=ROOT).returncode)
