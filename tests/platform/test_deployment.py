"""docker-compose.yml, Dockerfile, lock files, documents: what no engine is needed for to judge."""

import re
import shutil
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string

from itsm import environment
from itsm.embedded import INITDB
from tests.guards.tree import REPOSITORY

COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "spindel"}
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def test_services_are_those_of_the_architecture() -> None:
    assert sorted(COMPOSE["services"]) == ["beat", "broker", "database", "engine", "migrate", "web", "worker"]
    assert COMPOSE["services"]["database"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", sorted(OURS))
def test_command_of_a_service_exists(name: str) -> None:
    program, *arguments = OURS[name]["command"]
    if program == "python":
        script, command, *_ = arguments
        assert (REPOSITORY / script).is_file()
        assert command in get_commands()
    else:
        assert program in {entry.name for entry in entry_points(group="console_scripts")}
        target = arguments[0] if program == "gunicorn" else "itsm:app" if "--app" in arguments else ""
        assert import_string(target.replace("itsm:app", "itsm.celery.app").replace(":", "."))


@pytest.mark.parametrize("name", sorted(OURS))
def test_variables_of_a_service_are_read_by_the_environment(name: str) -> None:
    assert set(OURS[name]["environment"]) <= set(environment.VARIABLES)


def test_only_one_beat_and_no_second_sweep_of_schedules() -> None:
    with_beat = [name for name, service in OURS.items() if {"beat", "--beat", "-B"} & set(service["command"])]
    assert with_beat == ["beat"]


def test_database_is_made_as_the_embedded_one() -> None:
    given = COMPOSE["services"]["database"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    ours = [option for option in INITDB if option.split("=")[0] not in ("--username", "--auth", "--no-instructions")]
    assert given == ours


def test_nothing_but_the_web_server_is_reachable_from_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["web"]
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_image_serves_what_compose_serves() -> None:
    text = (REPOSITORY / "Dockerfile").read_text()
    assert f"CMD {str(OURS['web']['command']).replace(chr(39), chr(34))}" in text
    assert "USER spindel" in text


@pytest.mark.parametrize("name", LOCKS)
def test_lock_file_names_no_host_and_hashes_everything(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    assert re.findall(r"://|^--?(?:i|f|index|extra|find).*", text, re.MULTILINE) == []
    packages = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^]]*\])?==.*(?:\n    .*)*", text, re.MULTILINE)
    assert len(packages) > 40
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_lock_files_hold_what_the_project_declares() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    declared = project["project"]["dependencies"]
    for lock, wanted in zip(LOCKS, (declared, declared + project["dependency-groups"]["dev"]), strict=True):
        text = (REPOSITORY / lock).read_text()
        names = [re.sub(r"\[.*?\]", "", package) for package in wanted]
        assert [name for name in names if f"\n{name} " not in f"\n{text}"] == []


def test_every_variable_is_documented() -> None:
    text = (REPOSITORY / "docs/administrator/deployment.md").read_text()
    assert [name for name in environment.VARIABLES if f"`{name}`" not in text] == []


def test_variables_are_read_in_one_place_only() -> None:
    """Everything else asks itsm.environment; the supervisor and the tests hand the environment on."""
    readers = {"environment.py", "runner.py", "throwaway.py", "testing.py", "celery.py", "wsgi.py"}
    apps = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    found = [
        str(path.relative_to(REPOSITORY))
        for app in apps
        for path in sorted((REPOSITORY / app).rglob("*.py"))
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text()) and not is_reader(path, readers)
    ]
    assert found == []


def is_reader(path: Path, names: set[str]) -> bool:
    return path.parent == REPOSITORY / "itsm" and path.name in names


def test_tools_are_there_and_may_run() -> None:
    for name in ("tools/venv", "tools/install", "tools/locks", ".ci/run"):
        assert shutil.which(str(REPOSITORY / name)), name
