"""Each guard of tests/test_architecture.py turns red on the thing it is there for, and stays green on its twin."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import models

from tests.guards import floors, words, writers
from tests.guards.tree import REPOSITORY, Tree

Rule = Callable[[Tree], list[str]]


def make_tree(root: Path, files: dict[str, str]) -> Tree:
    """A repository with our floors and nothing but these files."""
    (root / "pyproject.toml").write_text((REPOSITORY / "pyproject.toml").read_text())
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return Tree(root)


OWN_STATE = "from django.db import models\nclass Delivery(models.Model):\n    state = models.CharField()\n"
COMMAND = "@command\ndef resolve(incident: Incident, *, actor: Actor, at: datetime) -> None:\n    {}\n"
CASES: dict[str, tuple[Rule, dict[str, str], dict[str, str]]] = {
    "state of a record": (
        writers.columns,
        {"notifications/models.py": OWN_STATE, "notifications/commands/send.py": "delivery.record.state = 'x'\n"},
        {"notifications/models.py": OWN_STATE, "notifications/commands/send.py": "delivery.state = 'sent'\n"},
    ),
    "state where none is owned": (
        writers.columns,
        {"incidents/commands.py": "thing.state = 'resolved'\n"},
        {"incidents/commands.py": "if thing.state == 'resolved':\n    pass\n"},
    ),
    "phase by update": (
        writers.columns,
        {"sla/commands.py": "Record.objects.filter(pk=1).update(phase='done')\n"},
        {"records/commands/record.py": "Record.objects.filter(pk=1).update(phase='done')\n"},
    ),
    "state by bulk_update": (
        writers.columns,
        {"incidents/reactions.py": "rows.bulk_update(found, ['state'])\n"},
        {"incidents/reactions.py": "rows.bulk_update(found, ['cause'])\n"},
    ),
    "assignee": (
        writers.columns,
        {"incidents/commands.py": "work.assignee = person\n"},
        {"coordination/commands.py": "work.assignee = person\n"},
    ),
    "state by setattr": (
        writers.columns,
        {"incidents/commands.py": "setattr(record, 'state', 'x')\n"},
        {"incidents/commands.py": "setattr(incident, 'cause', 'x')\n"},
    ),
    "rows of another app": (
        writers.rows,
        {"incidents/commands.py": "WorkItem.objects.create(record=record)\n"},
        {"coordination/commands.py": "WorkItem.objects.create(record=record)\n"},
    ),
    "row made and saved": (
        writers.rows,
        {"intake/commands.py": "from sla.models import Clock\nClock(record=record).save()\n"},
        {"intake/commands.py": "from threading import Event\nEvent()\n"},
    ),
    "rows deleted": (
        writers.rows,
        {"reports/queries.py": "Event.objects.filter(pk=1).delete()\n"},
        {"reports/queries.py": "Event.objects.filter(pk=1).count()\n"},
    ),
    "objects in a view": (
        writers.doors,
        {"incidents/views/detail.py": "Incident.objects.get(pk=1)\n"},
        {"incidents/queries.py": "Incident.objects.get(pk=1)\n"},
    ),
    "objects in tasks": (
        writers.doors,
        {"sla/tasks.py": "Clock.objects.all()\n"},
        {"sla/tasks.py": "queries.due()\n"},
    ),
    "command without lock": (
        writers.commands,
        {"incidents/commands/life.py": COMMAND.format("policies.require(actor, incident)")},
        {"incidents/commands/life.py": COMMAND.format("at = records.lock(incident.record, at=at)")},
    ),
    "command without time": (
        writers.commands,
        {"incidents/commands.py": "@command\ndef open_incident(title: str, *, actor: Actor) -> None:\n    pass\n"},
        {"incidents/commands.py": "@command\ndef open_incident(title: str, *, actor: Actor, at: datetime): ...\n"},
    ),
    "time as a position": (
        writers.commands,
        {"incidents/commands.py": "@command\ndef open_incident(actor: Actor, at: datetime) -> None:\n    pass\n"},
        {"incidents/commands.py": "def _part(actor: Actor, at: datetime) -> None:\n    pass\n"},
    ),
    "long file": (
        writers.sizes,
        {"kernel/words.py": "x = 1\n" * 401},
        {"kernel/words.py": "x = 1\n" * 400},
    ),
    "long function": (
        writers.sizes,
        {"kernel/words.py": "def long():\n" + "    x = 1\n" * 50},
        {"kernel/words.py": "def long():\n" + "    x = 1\n" * 49},
    ),
    "template above": (
        floors.templates,
        {"templates/records/detail.html": '{% include "incidents/_facts.html" %}'},
        {"templates/incidents/detail.html": '{% include "records/_facts.html" %}'},
    ),
    "template of a sibling": (
        floors.templates,
        {"templates/sla/_clock.html": '{% extends "coordination/board.html" %}'},
        {"templates/sla/_clock.html": '{% extends "sla/base.html" %}'},
    ),
    "base that knows an app": (
        floors.templates,
        {"templates/base.html": '{% include "records/_menu.html" %}'},
        {"templates/base.html": '{% include "_components/menu.html" %}'},
    ),
    "base with the tags of the lowest floor": (
        floors.templates,
        {"sla/templatetags/clock_tags.py": "", "templates/base.html": "{% load clock_tags %}"},
        {"kernel/templatetags/ui.py": "", "templates/base.html": "{% load ui %}"},
    ),
    "tags from above": (
        floors.templates,
        {"incidents/templatetags/incident_tags.py": "", "templates/records/a.html": "{% load i18n incident_tags %}"},
        {"records/templatetags/record_tags.py": "", "templates/incidents/a.html": "{% load i18n record_tags %}"},
    ),
    "views of another app": (
        floors.private_rooms,
        {"incidents/views.py": "from records import views\n"},
        {"incidents/views.py": "from records import queries\n"},
    ),
    "forms of another app": (
        floors.private_rooms,
        {"incidents/forms.py": "from records.forms import CommentForm\n"},
        {"incidents/views.py": "from incidents.forms import IncidentForm\n"},
    ),
    "commands of a listener": (
        floors.private_rooms,
        {"incidents/commands.py": "import sla.commands\n"},
        {"incidents/commands.py": "from coordination import commands as work\n"},
    ),
    "shapeless file": (
        words.names,
        {"records/utils.py": ""},
        {"records/queries.py": ""},
    ),
    "shapeless package": (
        words.names,
        {"records/helpers/numbers.py": ""},
        {"records/queries/numbers.py": ""},
    ),
    "word in a template": (
        words.messages,
        {"templates/records/a.html": "<p>\n{% translate 'Go' %} Invalid input</p>"},
        {"templates/records/a.html": '<input aria-invalid="true" class="is-invalid"> Give a date.'},
    ),
    "word in a message": (
        words.messages,
        {"records/forms.py": "_('Please give a date.')\n"},
        {"records/forms.py": "_('Give a date.')\n"},
    ),
    "inline style": (
        words.markup,
        {"templates/a.html": '<p style="color: red">'},
        {"templates/a.html": '<link rel="stylesheet" href="x.css">'},
    ),
    "inline script": (
        words.markup,
        {"templates/a.html": "<script>go()</script>"},
        {"templates/a.html": '<script src="x.js" type="module"></script><script type="application/json">{}</script>'},
    ),
    "event handler": (
        words.markup,
        {"templates/a.html": '<p onclick="go()">'},
        {"templates/a.html": '<p hx-get="/" hx-trigger="click once">on click="x"</p>'.replace('click="x"', "click")},
    ),
    "hx-on": (
        words.markup,
        {"templates/a.html": "<p hx-on:click='go()'>"},
        {"templates/a.html": "<p hx-get='/'>"},
    ),
    "trigger filter": (
        words.markup,
        {"templates/a.html": '<p hx-trigger="keyup[ctrlKey]">'},
        {"templates/a.html": '<p hx-trigger="keyup changed delay:300ms">'},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_guard_is_red_on_the_fault(case: str, tmp_path: Path) -> None:
    rule, broken, _ = CASES[case]
    assert len(rule(make_tree(tmp_path, broken))) == 1


@pytest.mark.parametrize("case", CASES)
def test_guard_is_green_on_the_twin(case: str, tmp_path: Path) -> None:
    rule, _, sound = CASES[case]
    assert rule(make_tree(tmp_path, sound)) == []


SWITCHED_OFF = {
    "noqa": 1,
    "noqa: S101": 1,
    "noqa: S101  # the table is ours": 0,
    "type: ignore": 1,
    "type: ignore[misc]": 1,
    "type: ignore[misc]  # the stub is wrong": 0,
}


@pytest.mark.parametrize("text", SWITCHED_OFF)
def test_a_switched_off_check_needs_a_reason(text: str, tmp_path: Path) -> None:
    tree = make_tree(tmp_path, {"kernel/a.py": f"x = 1  # {text}\n"})
    assert len(words.switched_off_checks(tree, [tmp_path / "kernel/a.py"])) == SWITCHED_OFF[text]


@pytest.mark.parametrize(("text", "faults"), [("see /home/anna/x", 1), ("see /root/x", 1), ("see docs/work/x", 0)])
def test_paths_of_a_machine_are_found(text: str, faults: int, tmp_path: Path) -> None:
    tree = make_tree(tmp_path, {"README.md": text})
    assert len(words.machine_paths(tree, [tmp_path / "README.md"])) == faults


def table(app: str, registry: Apps, name: str, **fields: "models.Field[object, object]") -> type[models.Model]:
    """A model that no installed app knows."""
    meta = type("Meta", (), {"app_label": app, "apps": registry})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def relation(source: str, target: str, **options: Any) -> list[str]:
    """Faults of one foreign key from an app to another."""
    registry = Apps()
    to = table(target, registry, "Target")
    options = {"on_delete": models.PROTECT, "related_name": "+", **options}
    field = models.ForeignKey(to, **options)
    return floors.foreign_keys(Tree(REPOSITORY), [table(source, registry, "Source", to=field)])


def test_foreign_key_down_is_fine() -> None:
    assert relation("incidents", "records") == []


def test_foreign_key_up_is_found() -> None:
    assert relation("records", "incidents") == ["records.Source.to points up or sideways to incidents.Target"]


def test_foreign_key_sideways_is_found() -> None:
    assert relation("sla", "coordination") == ["sla.Source.to points up or sideways to coordination.Target"]


def test_way_back_is_found() -> None:
    assert relation("incidents", "records", related_name=None) == ['incidents.Source.to needs related_name="+"']


def test_deleting_with_the_target_is_found() -> None:
    assert relation("incidents", "records", on_delete=models.CASCADE) == ["incidents.Source.to needs on_delete=PROTECT"]


def test_inherited_table_is_found() -> None:
    registry = Apps()
    parent = table("records", registry, "Parent")
    meta = type("Meta", (), {"app_label": "records", "apps": registry})
    child = type("Child", (parent,), {"__module__": __name__, "Meta": meta})
    assert floors.inheritance([parent, child]) == ["records.Child inherits a table"]
