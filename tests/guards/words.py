"""What is written: file names, comments that switch a check off, words that users read, markup for the CSP."""

import ast
import re
from pathlib import Path

from tests.guards.tree import Tree, line_of

SHAPELESS = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "managers"}
SWITCHED_OFF = re.compile(
    r"#\s*(type: ignore|noqa)(?P<code>(\[[\w, -]+\]|: ?[A-Z]+\d+(, ?[A-Z]+\d+)*)?)(?P<rest>.*)$", re.MULTILINE
)
FORBIDDEN = re.compile(r"\b(invalid|please|oops|successfully)\b", re.IGNORECASE)
MARKUP = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)", re.IGNORECASE),
    "an event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|\shx-on\b", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"'](javascript|js):", re.IGNORECASE),
    "an hx-trigger filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\["),
}
MESSAGES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
CODE_IN_TEMPLATE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)
MACHINE = re.compile(r"(?<![\w.])/(root/|home/[a-z]+/|work/(?:wt-|main|shared))")


def names(tree: Tree) -> list[str]:
    """No room without a meaning."""
    return [
        f"{module.where} has a name that says nothing"
        for module in tree.modules
        if SHAPELESS & {part.removesuffix(".py") for part in module.path.relative_to(tree.root).parts}
    ]


def switched_off_checks(tree: Tree, files: list[Path]) -> list[str]:
    """A check is switched off by its code and with a reason on the same line."""
    faults = []
    for path in files:
        text = path.read_text()
        for match in SWITCHED_OFF.finditer(text):
            if not match["code"] or not re.match(r"\s+# \w", match["rest"]):
                faults.append(f"{tree.where(path)}:{line_of(text, match)} switches a check off without a reason")
    return faults


def messages(tree: Tree) -> list[str]:
    """Words that users should not have to read (UX), in templates and in translated strings."""
    faults = []
    for path in tree.templates:
        text = CODE_IN_TEMPLATE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text())
        faults += [f"{tree.where(path)}:{line_of(text, match)} says {match[0]}" for match in FORBIDDEN.finditer(text)]
    for module in tree.modules:
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MESSAGES:
                said = " ".join(
                    part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                faults += [f"{module.at(node)} says {match[0]}" for match in FORBIDDEN.finditer(said)]
    return faults


def markup(tree: Tree) -> list[str]:
    """Nothing in a template that the content security policy would refuse."""
    faults = []
    for path in tree.templates:
        text = path.read_text()
        for what, pattern in MARKUP.items():
            faults += [f"{tree.where(path)}:{line_of(text, match)} has {what}" for match in pattern.finditer(text)]
    return faults


def machine_paths(tree: Tree, files: list[Path]) -> list[str]:
    """No path of somebody's own machine."""
    faults = []
    for path in files:
        text = path.read_text(errors="replace")
        faults += [f"{tree.where(path)}:{line_of(text, match)} names {match[0]}" for match in MACHINE.finditer(text)]
    return faults
