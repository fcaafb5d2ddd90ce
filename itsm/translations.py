"""Compiles the message catalogues: .po in the repository, .mo made where Spindel runs (no gettext needed).

`python -m itsm.translations` is the check: every message of every language translated, none doubtful.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from itsm.environment import ROOT


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every catalogue of ours."""
    return sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_changed(root: Path = ROOT) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those."""
    changed = [path for path in catalogues(root) if _is_newer(path, path.with_suffix(".mo"))]
    for path in changed:
        draft = path.with_suffix(".mo.new")
        with draft.open("wb") as target:
            write_mo(target, read(path))
        draft.replace(path.with_suffix(".mo"))  # at once: another process may be reading
    return changed


def read(path: Path) -> Catalog:
    """The messages of one file."""
    with path.open("rb") as source:
        return read_po(source, domain=path.stem)


def faults(path: Path) -> list[str]:
    """Sentences about what keeps the catalogue from being complete and right."""
    found = []
    for message in read(path):
        if not message.id:
            continue  # the header
        texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.fuzzy:
            found.append(f"{path}:{message.lineno}: still marked fuzzy: {message.id!r}")
        elif not all(texts):
            found.append(f"{path}:{message.lineno}: not translated: {message.id!r}")
        found += [f"{path}:{message.lineno}: {fault}" for fault in message.check()]
    return found


def _is_newer(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


if __name__ == "__main__":
    compile_changed()
    lines = [line for path in catalogues() for line in faults(path)]
    sys.stdout.write("".join(line + "\n" for line in lines))
    raise SystemExit(bool(lines))
