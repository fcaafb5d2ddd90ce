"""Who reads and writes what: each refusal has a twin that differs in one fact."""

import pytest

from accounts.models import Grant, Membership
from accounts.queries import actor_for
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound
from records import commands as records
from records import policies
from records.models import Record
from tests.factories import NOON, make_actor, make_team, make_user
from tests.records.flow import opened, refused

pytestmark = pytest.mark.django_db


def answers(actor: Actor, record: Record) -> tuple[bool, ...]:
    return tuple(
        can(actor, record)
        for can in (policies.can_see, policies.can_read_internal, policies.can_comment_internal, policies.can_reply,
                    policies.can_edit)
    )  # fmt: skip


NOTHING = (False, False, False, False, False)
EVERYTHING = (True, True, True, True, True)
READS_ALL = (True, True, False, False, False)
PUBLIC_ONLY = (True, False, False, True, False)


def test_a_technician_works_on_what_the_team_sees_and_on_nothing_else() -> None:
    net, desk = make_team("net"), make_team("desk")
    record = opened(make_actor("agent"), owner_team=net)
    assert answers(make_actor("technician", team=net), record) == EVERYTHING
    assert answers(make_actor("technician", team=desk), record) == NOTHING


def test_a_right_in_one_team_does_not_reach_another_teams_record() -> None:
    net, desk = make_team("net"), make_team("desk")
    person = make_user()
    Grant.objects.create(user=person, role="technician", team=net, granted_at=NOON)
    for team in (net, desk):
        Membership.objects.create(user=person, team=team)
    agent = make_actor("agent")
    assert answers(actor_for(person), opened(agent, owner_team=net)) == EVERYTHING
    assert answers(actor_for(person), opened(agent, owner_team=desk)) == (True, False, False, False, False)


def test_requesters_read_what_is_public_even_when_they_are_technicians_elsewhere() -> None:
    net, desk = make_team("net"), make_team("desk")
    anna, tech = make_user(), make_user("technician", team=desk)
    agent = make_actor("agent")
    assert answers(actor_for(anna), opened(agent, requester=anna, owner_team=net)) == PUBLIC_ONLY
    assert answers(actor_for(tech), opened(agent, requester=tech, owner_team=net)) == PUBLIC_ONLY
    assert answers(actor_for(tech), opened(agent, requester=tech, owner_team=desk)) == EVERYTHING


def test_a_caller_reads_what_is_public_and_a_colleague_named_on_it_works() -> None:
    agent, tech = make_actor("agent"), make_user("technician")
    called, helping = opened(agent), opened(agent)
    records.add_caller(called, tech, actor=agent, at=NOON)
    records.watch(helping, user=tech, actor=agent, at=NOON)
    assert answers(actor_for(tech), Record.objects.get(pk=called.pk)) == PUBLIC_ONLY
    assert answers(actor_for(tech), Record.objects.get(pk=helping.pk)) == EVERYTHING


def test_roles_that_read_everything_write_as_far_as_they_may() -> None:
    record = opened(make_actor("agent"))
    assert answers(make_actor("agent"), record) == EVERYTHING
    assert answers(make_actor("auditor"), record) == READS_ALL
    assert answers(make_actor("manager"), record) == (True, True, True, True, False)
    assert answers(make_actor("administrator"), record) == NOTHING


def test_a_confidential_record_is_read_by_named_people_and_its_class_alone() -> None:
    anna = make_user()
    record = opened(make_actor("agent"), confidential_class="security", class_audience=(2_000_000_001,), requester=anna)
    assert answers(make_actor("agent"), record) == NOTHING
    assert answers(make_actor("auditor"), record) == NOTHING
    assert answers(make_actor("security_officer"), record) == EVERYTHING
    assert answers(actor_for(anna), record) == PUBLIC_ONLY


def test_a_token_writes_only_with_its_scope() -> None:
    anna = make_user()
    record = opened(make_actor("agent"), requester=anna)
    assert policies.can_reply(actor_for(anna, scopes=["records:write"]), record) is True
    assert policies.can_reply(actor_for(anna, scopes=["records:read"]), record) is False


def test_commands_say_no_in_words_and_hide_what_cannot_be_seen() -> None:
    record = opened(make_actor("agent"))
    with refused(NotAllowed) as caught:
        records.comment(record, body="x", is_public=False, actor=make_actor("auditor"), at=NOON)
    assert caught.value.status == 403
    with refused(NotFound) as caught:
        records.watch(record, actor=make_actor(), at=NOON)
    assert caught.value.message == f"No record {record.number}."


def test_a_new_requester_gets_the_record_and_the_wrong_one_loses_it() -> None:
    agent, wrong, right, caller = make_actor("agent"), make_user(), make_user(), make_user()
    record = opened(agent, requester=wrong)
    records.add_caller(record, caller, actor=agent, at=NOON)
    records.edit_fields(record, seen={}, values={"requester": right}, allowed=("requester",), actor=agent, at=NOON)
    stored = Record.objects.get(pk=record.pk)
    assert [policies.can_see(actor_for(user), stored) for user in (wrong, right, caller)] == [False, True, True]
