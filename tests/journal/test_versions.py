"""What people set is kept by the process under the version that a door reads beside the clock."""

from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import options
from accounts.models import Setting
from accounts.queries import SYSTEM, setting
from incidents.commands.settings import set_matrix
from incidents.models import MatrixCell
from incidents.queries import rules
from journal.units import door
from kernel.errors import Conflict
from tests.factories import NOON, make_actor

pytestmark = pytest.mark.django_db(transaction=True)


def change_cell(priority: int) -> None:
    now = rules.read_matrix()
    with door(SYSTEM) as at:
        set_matrix({**now, (3, 3): priority}, seen=now, actor=make_actor("administrator"), at=at)


def test_the_matrix_is_read_once_and_again_after_an_edit() -> None:
    change_cell(2)
    with door(SYSTEM):
        assert rules.priority_of(3, 3) == 2
    with door(SYSTEM), CaptureQueriesContext(connection) as asked:
        assert rules.priority_of(3, 3) == 2
    assert [query for query in asked if "matrixcell" in query["sql"]] == []
    change_cell(4)
    with door(SYSTEM):
        assert rules.priority_of(3, 3) == 4


def test_an_edit_that_is_taken_back_leaves_no_copy() -> None:
    change_cell(2)
    now = rules.read_matrix()
    with suppress(Conflict), door(SYSTEM) as at:
        set_matrix({**now, (3, 3): 1}, seen=now, actor=make_actor("administrator"), at=at)
        assert rules.priority_of(3, 3) == 1
        raise Conflict("taken back")
    with door(SYSTEM):
        assert rules.priority_of(3, 3) == 2


def test_outside_a_door_nothing_is_kept() -> None:
    change_cell(2)
    MatrixCell.objects.filter(impact=3, urgency=3).update(priority=1)
    assert rules.priority_of(3, 3) == 1


def test_a_door_goes_by_the_settings_that_another_process_has_just_changed() -> None:
    with door(SYSTEM):
        assert setting(options.KEY, options.SignInOptions).longest_hours != 3
    Setting.objects.create(key=options.KEY, value={"longest_hours": 3}, version=1, at=NOON)
    with door(SYSTEM):
        assert setting(options.KEY, options.SignInOptions).longest_hours == 3
