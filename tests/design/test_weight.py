"""What a first visit costs, gzipped (UX G5, 3.10): the browser waits for these files."""

import gzip
import re
from pathlib import Path

import django_htmx
from django.template.loader import render_to_string

STATIC = Path("static")
HTMX = Path(django_htmx.__file__).parent / "static"
KB = 1024


def weight(names: list[str]) -> int:
    """Bytes after gzip -9 of the files with these names under /static/."""
    paths = [STATIC / name if (STATIC / name).exists() else HTMX / name for name in names]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def linked(styles: str, ending: str) -> list[str]:
    """Files of a kind that a page's head asks for."""
    head = render_to_string("_components/head.html", {"styles": styles})
    return re.findall(rf'(?:href|src)="/static/([^"]+\.{ending})"', head)


def modules(name: str, *, is_static: bool) -> set[str]:
    """A script module and what it imports: at once, or on demand as well."""
    seen: set[str] = set()
    waiting = [name]
    pattern = r'(?m)^import .*?"\./([a-z]+\.js)"' if is_static else r'import\(?.*?"\./([a-z]+\.js)"'
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += re.findall(pattern, (STATIC / "js" / each).read_text(encoding="utf-8"))
    return seen


def test_styles_of_the_agent_shell() -> None:
    assert len(linked("agent", "css")) == 9
    assert weight(linked("agent", "css")) <= 20 * KB


def test_styles_of_the_portal() -> None:
    assert weight([name for name in linked("portal", "css") if "print" not in name]) <= 8 * KB


def test_scripts_at_once() -> None:
    own = [f"js/{name}" for name in modules("app.js", is_static=True)]
    assert len(own) == 5
    assert weight(own) <= 8 * KB
    assert weight([*own, "django_htmx/htmx-2.min.js"]) <= 25 * KB


def test_scripts_on_demand() -> None:
    later = modules("app.js", is_static=False) - modules("app.js", is_static=True)
    assert later == {
        "answers.js", "chosen.js", "facts.js", "lists.js", "palette.js", "presence.js", "relogin.js", "sheet.js",
    }  # fmt: skip
    assert weight([f"js/{name}" for name in later]) <= 5.5 * KB


def test_no_script_lies_about_unused() -> None:
    named = "".join(path.read_text(encoding="utf-8") for path in Path("templates").rglob("*.html"))
    used = modules("app.js", is_static=False) | set(re.findall(r"js/([a-z]+\.js)", named))
    assert used == {path.name for path in (STATIC / "js").glob("*.js")}


def test_icons() -> None:
    assert weight(["icons/sprite.svg"]) <= 4 * KB
