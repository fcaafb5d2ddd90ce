"""Each import contract of pyproject.toml turns red on the import it is there for."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.guards.tree import REPOSITORY

LINT = Path(sys.executable).parent / "lint-imports"
CASES = {
    "import of a higher floor": ("floors", {"records/queries.py": "import incidents.models\n"}),
    "import of a sibling": ("floors", {"sla/queries.py": "import coordination.models\n"}),
    "import of the installation": ("floors", {"kernel/errors.py": "import itsm.environment\n"}),
    "models import queries": ("rooms", {"incidents/models.py": "import incidents.queries\n"}),
    "commands import tasks": ("rooms", {"incidents/commands.py": "import incidents.tasks\n", "incidents/tasks.py": ""}),
    "room without a place": ("rooms", {"incidents/utils.py": ""}),
    "a process knows its pages": (
        "processes",
        {"processes/process.py": "import processes.pages\n", "processes/pages.py": ""},
    ),
    "Celery in commands": ("no-web-in-the-core", {"incidents/commands.py": "import celery\n"}),
    "REST in queries": ("no-web-in-the-core", {"records/queries.py": "import rest_framework\n"}),
    "Django in a state table": ("workflow-is-data", {"incidents/workflow.py": "import django\n"}),
}
ROOMS = ["models", "queries", "commands", "workflow"]


def broken_contracts(root: Path, files: dict[str, str]) -> list[str]:
    """Identifiers of the contracts that fail in a repository of empty apps and these files."""
    text = (REPOSITORY / "pyproject.toml").read_text()
    config = tomllib.loads(text)["tool"]["importlinter"]
    (root / "pyproject.toml").write_text(text)
    for app in config["root_packages"]:
        for room in ["__init__", *ROOMS] if app not in ("kernel", "processes", "itsm") else ["__init__"]:
            (root / app).mkdir(exist_ok=True)
            (root / app / f"{room}.py").touch()
    for name, code in files.items():
        (root / name).write_text(code)
    (root / "itsm" / "environment.py").touch()
    done = subprocess.run([LINT, "--no-cache"], cwd=root, capture_output=True, text=True)
    told = " ".join(done.stdout.split())  # long names are wrapped
    known = {contract["id"]: " ".join(contract["name"].split()) for contract in config["contracts"]}
    assert all(f"{name} KEPT" in told or f"{name} BROKEN" in told for name in known.values()), done.stdout
    return [identifier for identifier, name in known.items() if f"{name} BROKEN" in told]


@pytest.mark.parametrize("case", CASES)
def test_contract_is_red_on_the_fault(case: str, tmp_path: Path) -> None:
    contract, files = CASES[case]
    assert broken_contracts(tmp_path, files) == [contract]


def test_contracts_are_green_on_empty_apps(tmp_path: Path) -> None:
    assert broken_contracts(tmp_path, {}) == []
