"""Message catalogues without gettext: found in the source, kept in .po files, compiled where Spindel runs.

`python -m itsm.translations` compiles what changed. `… check` says what keeps a language from being complete.
`… update` brings the .po files to the source: new messages empty, old ones gone.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from itsm.environment import ROOT

LANGUAGES = {"sv": "sv", "zh_Hans": "zh_Hans"}
NOT_OURS = {".venv", "var", "tests", "bench", "docs", "migrations", "staticfiles"}
CONTEXT_FIRST = ((1, "c"), 2)
KEYWORDS = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": CONTEXT_FIRST,
    "pgettext_lazy": CONTEXT_FIRST,
    "npgettext": ((1, "c"), 2, 3),
}


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every catalogue of ours."""
    return sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))


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


def source_messages(root: Path = ROOT) -> Catalog:
    """Every message in Python code and templates, with the places where it stands."""
    found = Catalog(project="Spindel", version="1", charset="utf-8")
    for path in sorted([*root.rglob("*.py"), *(root / "templates").rglob("*.*")]):
        where = path.relative_to(root)
        if NOT_OURS & set(where.parts) or path.suffix not in (".py", ".html", ".txt"):
            continue
        for line, message, context in _extract(path):
            found.add(message, locations=[(where.as_posix(), line)], context=context)
    return found


def update(root: Path = ROOT) -> list[Path]:
    """Bring every language to the source; translations of messages that stay are kept, none is guessed."""
    template = source_messages(root)
    paths = [root / "locale" / folder / "LC_MESSAGES" / "django.po" for folder in LANGUAGES]
    for path, locale in zip(paths, LANGUAGES.values(), strict=True):
        known = read(path) if path.exists() else Catalog(locale=locale, project="Spindel", version="1")
        known.update(template, no_fuzzy_matching=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, known, width=120, ignore_obsolete=True, include_lineno=False, omit_header=False)
    return paths


def faults(path: Path, template: Catalog | None = None) -> list[str]:
    """Sentences about what keeps the catalogue from being complete and right."""
    known, found = read(path), []
    for message in known:
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        place = f"{path}:{message.lineno}"
        if not message.id:
            continue  # the header
        if message.fuzzy:
            found.append(f"{place}: still marked fuzzy: {message.id!r}")
        elif not all(texts):
            found.append(f"{place}: not translated: {message.id!r}")
        found += [f"{place}: {fault}" for fault in message.check()]
    missing = [message for message in template or () if message.id and known.get(message.id, message.context) is None]
    return found + [f"{path}: misses {message.id!r} of {message.locations[0][0]}" for message in missing]


def _extract(path: Path) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    text = path.read_text()
    if path.suffix != ".py":
        # Django's own rewriting leaves calls of gettext between letters X; the lexer for JavaScript minds neither.
        calls: Any = extract_javascript(io.BytesIO(templatize(text).encode()), KEYWORDS, [], {"encoding": "utf-8"})
    else:
        calls = extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for line, function, said, _ in calls:
        parts = [said] if isinstance(said, str) else [part for part in said or () if isinstance(part, str)]
        context = parts.pop(0) if "pgettext" in function and len(parts) > 1 else None
        if not parts or not parts[0]:
            continue
        plural = function.startswith(("ngettext", "npgettext")) and len(parts) > 1
        yield line, (parts[0], parts[1]) if plural else parts[0], context


def _is_newer(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def main(arguments: list[str]) -> int:
    """The module's command line; 1 when a language is not complete."""
    if arguments == ["update"]:
        update()
    compile_changed()
    if arguments != ["check"]:
        return 0
    template = source_messages()
    lines = [line for path in catalogues() for line in faults(path, template)]
    sys.stdout.write("".join(line + "\n" for line in lines))
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
