"""Migrated PostgreSQL clusters kept between test runs, so that most runs migrate nothing.

A cluster may be used when every migration that made it is still there unchanged; newer ones are then applied to it.
The shelf is in the temporary directory, shared by all working copies of a user. Deleting it is always safe.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from itsm.embedded import INITDB
from itsm.environment import ROOT

TEMPLATE = "spindel_template"
KEPT = 6
Manifest = dict[str, str]


@dataclass(frozen=True)
class Shelf:
    """Clusters by the digest of their manifest: a directory and, beside it, the manifest as JSON."""

    place: Path
    wanted: Manifest

    @classmethod
    def of_this_machine(cls) -> "Shelf":
        """The shelf of this user, for the migrations of this working copy."""
        place = Path(tempfile.gettempdir()) / f"spindel-clusters-{os.geteuid()}"
        place.mkdir(mode=0o700, exist_ok=True)
        if place.is_symlink() or place.lstat().st_uid != os.geteuid():
            place = Path(tempfile.mkdtemp(prefix="spindel-clusters-"))  # somebody else took the name
        return cls(place, manifest())

    @property
    def exact(self) -> Path:
        """Where the cluster of exactly these migrations is, or would be."""
        return self.place / hashlib.sha256(json.dumps(self.wanted, sort_keys=True).encode()).hexdigest()[:16]

    def bring(self, test_data: Path) -> None:
        """Copy the nearest usable cluster into the embedded servers' directory and leave word what is to be done."""
        found = self._nearest()
        if found is None:
            return
        target = test_data / "embedded" / "postgres"
        target.parent.mkdir(parents=True, exist_ok=True)
        command = ["cp", "-a", "--reflink=auto", str(found), str(target)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            shutil.rmtree(target, ignore_errors=True)  # another run put it away just now
            return
        if found != self.exact:
            (test_data / "template-behind").touch()

    def keep(self, test_data: Path) -> None:
        """Keep the stopped cluster of a run that made or advanced the template; put old ones away."""
        if self.exact.exists() or not (test_data / "template-made").exists():
            return
        with suppress(OSError):
            draft = Path(tempfile.mkdtemp(dir=self.place, prefix="draft-"))
            shutil.copytree(test_data / "embedded" / "postgres", draft / "postgres")
            (draft / "postgres").chmod(0o700)
            (draft / "postgres").rename(self.exact)
            self.exact.with_suffix(".json").write_text(json.dumps(self.wanted))
            draft.rmdir()
            self._put_old_ones_away()

    def _nearest(self) -> Path | None:
        usable = []
        for note in self.place.glob("*.json"):
            with suppress(OSError, ValueError):
                made_by: Manifest = json.loads(note.read_text())
                if made_by.items() <= self.wanted.items() and note.with_suffix("").is_dir():
                    usable.append((len(made_by), note.with_suffix("")))
        return max(usable, default=(0, None))[1]

    def _put_old_ones_away(self) -> None:
        notes = sorted(self.place.glob("*.json"), key=lambda note: note.stat().st_mtime, reverse=True)
        for note in notes[KEPT:]:
            note.unlink(missing_ok=True)
            shutil.rmtree(note.with_suffix(""), ignore_errors=True)


def manifest() -> Manifest:
    """What makes the contents of a migrated database: our migrations, the locked packages, how clusters are made."""
    files = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements.txt"]
    found = {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {**found, "initdb": " ".join(INITDB)}
