"""ARCHITECTURE section 11, where import-linter, ruff and mypy cannot see. Each rule is proven red in tests/guards."""

import importlib
import importlib.util
import statistics
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.guards import floors, words, writers
from tests.guards.tree import REPOSITORY, Tree, functions

TREE = Tree(REPOSITORY)
TABLES = [table for table in apps.get_models() if table._meta.app_label in TREE.ranks]


def tracked(*patterns: str) -> list[Path]:
    """Files in the repository, as git lists them, new ones included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [path for name in done.stdout.splitlines() if (path := REPOSITORY / name).is_file()]


def test_floors_are_the_installed_apps() -> None:
    assert set(TREE.ranks) == set(settings.FLOORS)


def test_foreign_keys_point_down_and_leave_no_way_back() -> None:
    assert floors.foreign_keys(TREE, TABLES) == []


def test_no_table_inherits_another() -> None:
    assert floors.inheritance(TABLES) == []


def test_templates_use_only_what_is_below() -> None:
    assert floors.templates(TREE) == []


def test_private_rooms_stay_private() -> None:
    assert floors.private_rooms(TREE) == []


def test_each_column_has_one_writer() -> None:
    assert writers.columns(TREE) == []


def test_rows_are_written_by_the_app_that_owns_them() -> None:
    assert writers.rows(TREE) == []


def test_doors_ask_queries_for_their_rows() -> None:
    assert writers.doors(TREE) == []


def test_commands_say_who_and_when_and_lock_first() -> None:
    assert writers.commands(TREE) == []


def test_no_long_file_or_function() -> None:
    assert writers.sizes(TREE) == []


def test_no_shapeless_names() -> None:
    assert words.names(TREE) == []


def test_checks_are_switched_off_with_a_reason() -> None:
    assert words.switched_off_checks(TREE, tracked("*.py")) == []


def test_users_read_no_forbidden_words() -> None:
    assert words.messages(TREE) == []


def test_templates_keep_the_content_security_policy() -> None:
    assert words.markup(TREE) == []


def test_no_path_of_a_machine() -> None:
    files = tracked("*.py", "*.md", "*.toml", "*.yml", "*.html", "Makefile", "Dockerfile", "tools", ".ci")
    assert words.machine_paths(TREE, [path for path in files if "guards" not in path.parts]) == []


@pytest.mark.parametrize("app", sorted(TREE.ranks))
def test_every_transition_has_its_command(app: str) -> None:
    if not all(importlib.util.find_spec(f"{app}.{room}") for room in ("workflow", "commands")):
        return
    workflow = importlib.import_module(f"{app}.workflow")
    if not hasattr(workflow, "WORKFLOW") or app == "kernel":
        return
    commands = importlib.import_module(f"{app}.commands").COMMANDS
    assert set(commands) == {transition.name for transition in workflow.WORKFLOW.transitions}


def test_file_sizes_keep_the_budget() -> None:
    """ARCHITECTURE 12: median 80 lines, 95 % at most 300; package files without code do not count."""
    sizes = [lines for module in TREE.modules if (lines := module.text.count("\n")) > 3]
    assert statistics.median(sizes) <= 80
    assert percentile(sizes, 95) <= 300


def test_function_sizes_keep_the_budget() -> None:
    """ARCHITECTURE 12: median 8 lines, 95 % at most 35."""
    sizes = [
        (function.end_lineno or 0) - function.lineno + 1
        for module in TREE.modules
        for function in functions(module.syntax)
    ]
    assert statistics.median(sizes) <= 8
    assert percentile(sizes, 95) <= 35


def test_no_app_outgrows_the_others() -> None:
    """ARCHITECTURE 12: the largest app holds at most 20 % of the code. Small code proves nothing either way."""
    lines: Counter[str] = Counter()
    for module in TREE.modules:
        lines[module.app] += module.text.count("\n")
    app, most = lines.most_common(1)[0]
    assert most <= 0.2 * max(lines.total(), 12_000), f"{app} holds {most} of {lines.total()} lines"


def test_few_dependencies_each_explained() -> None:
    """ARCHITECTURE 12: at most 30, and a comment beside or above each."""
    text = (REPOSITORY / "pyproject.toml").read_text()
    assert len(tomllib.loads(text)["project"]["dependencies"]) <= 30
    block = text.split("dependencies = [", 1)[1].split("]\n", 1)[0]
    groups = [group for group in block.replace("\n  #", "\n\n  #").split("\n\n") if group.strip()]
    assert [group for group in groups if "#" not in group] == []


def percentile(values: list[int], percent: int) -> int:
    """The value that `percent` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
