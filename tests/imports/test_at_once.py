"""Two who import at once, and a file of thousands of rows: each row once, statements that grow with the rows alone."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import commands
from accounts.models import Team, User
from accounts.queries import actor_for
from accounts.sheets.taking import Taken, table_of, take_in, the_sheet, tried_out
from journal.units import door
from kernel.actor import Actor
from kernel.spreadsheets.planning import plan
from kernel.spreadsheets.reading import read_table
from kernel.zones import zone
from tests.factories import make_actor, make_user


def kept(sheet: str, text: str, actor: Actor) -> tuple[object, str]:
    """A file that the actor brought, and the digest of its trial."""
    with door(actor) as at:
        file = commands.keep_file(the_sheet(sheet), name="x.csv", content=text.encode(), actor=actor, at=at)
    return file, tried_out(the_sheet(sheet), table_of(the_sheet(sheet), file), actor=actor).digest


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_rows_at_once_add_each_once(tmp_path: Path) -> None:
    actors = [actor_for(make_user("administrator")) for _ in range(2)]
    text = "code,name_en\n" + "".join(f"t{n},Team {n}\n" for n in range(20))
    files = [kept("teams", text, actor) for actor in actors]
    start = Barrier(2)

    def run(number: int) -> Taken:
        start.wait()
        try:
            file, seen = files[number]
            return take_in(the_sheet("teams"), file, seen=seen, actor=actors[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, range(2)))
    assert Team.objects.count() == 20
    assert sum(each.added for each in done) == 20
    assert sum(each.same for each in done) == 20
    assert [each.refused for each in done] == [[], []]
    target = tmp_path / "all.zip"
    call_command("export", str(target))
    with zipfile.ZipFile(target) as archive:
        assert archive.read("tables/accounts_team.csv").count(b"\r\n") == 21


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_a_row_differently_one_is_told() -> None:
    actors = [actor_for(make_user("administrator")) for _ in range(2)]
    with door(actors[0]) as at:
        commands.save_team(None, code="net", name={"en": "Network"}, email="", is_desk=False, is_retired=False,
                           actor=actors[0], at=at)  # fmt: skip
    first, second = (kept("teams", f"code,name_en\nnet,{word}\nx{n},X\n", actor)
                     for n, (word, actor) in enumerate(zip(("One", "Two"), actors, strict=True)))  # fmt: skip
    sheet = the_sheet("teams")
    assert take_in(sheet, first[0], seen=first[1], actor=actors[0]).changed == 1
    late = plan(sheet, table_of(sheet, second[0]), actor=actors[1], zone=zone("UTC"))
    assert late.digest != second[1]
    assert Team.objects.get(code="net").name["en"] == "One"


def statements(rows: int, actor: Actor) -> int:
    """How many statements the trial of so many people takes."""
    text = "email,name,team\n" + "".join(f"p{n}@region.example,Person {n},\n" for n in range(rows))
    with CaptureQueriesContext(connection) as caught:
        made = tried_out(the_sheet("people"), read_table(text.encode()), actor=actor)
    assert made.counts["add"] == rows
    return len(caught)


@pytest.mark.django_db
def test_a_trial_takes_as_many_statements_for_5000_rows_as_for_one() -> None:
    actor = make_actor("administrator")
    assert statements(1, actor) == statements(5_000, actor) <= 4


def taken(rows: int, offset: int, actor: Actor) -> int:
    """How many statements taking so many people in needs."""
    text = "email,name\n" + "".join(f"p{n}@region.example,Person\n" for n in range(offset, offset + rows))
    file, seen = kept("people", text, actor)
    with CaptureQueriesContext(connection) as caught:
        done = take_in(the_sheet("people"), file, seen=seen, actor=actor)
    assert done.added == rows
    return len(caught)


@pytest.mark.django_db
def test_taking_in_grows_by_the_same_for_each_row() -> None:
    actor = make_actor("administrator")
    ten, twenty, forty = taken(10, 0, actor), taken(20, 10, actor), taken(40, 30, actor)
    assert (forty - twenty) == 2 * (twenty - ten)
    assert (twenty - ten) / 10 <= 25
    assert User.objects.filter(email__startswith="p").count() >= 70
