"""What is sent and answered about work items."""

from typing import Any

from rest_framework import serializers

from accounts import rest
from coordination.queries.work import competences_in_use, teams
from coordination.workflow import SIZES
from kernel.localnames import local_name


class PartOutput(serializers.Serializer[Any]):
    """One part of a rank: its points, and the reason in words."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    words = serializers.CharField()


class WorkRowOutput(serializers.Serializer[Any]):
    """A work item in the queue; `score` is the sum of `parts`, null once it has left the queue."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    priority = serializers.IntegerField()
    state = serializers.CharField()
    task = serializers.CharField()
    component = serializers.CharField()
    site = serializers.CharField()
    team = serializers.SerializerMethodField()
    assignee = serializers.CharField()
    assignee_id = serializers.IntegerField(allow_null=True)
    second = serializers.CharField(help_text="Who does it together with the assignee; empty without anybody.")
    needs = serializers.SerializerMethodField()
    estimate_minutes = serializers.IntegerField()
    is_major = serializers.BooleanField()
    is_routed = serializers.BooleanField()
    offered_at = serializers.DateTimeField()
    waiting_until = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(source="face.due_at", allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    reasons = serializers.CharField(source="summary")
    parts = PartOutput(many=True)
    not_for_you = serializers.CharField(source="miss_words")

    def get_team(self, row: Any) -> str:
        """The team's name."""
        return local_name(row.team)

    def get_needs(self, row: Any) -> list[str]:
        """Competences in words."""
        return [need.words for need in row.needs]


class WorkOutput(serializers.Serializer[Any]):
    """A work item after a verb."""

    id = serializers.IntegerField()
    number = serializers.CharField(source="record.number")
    state = serializers.CharField()
    assignee = serializers.CharField(source="assignee.name", default=None, allow_null=True)
    assignee_id = serializers.IntegerField(allow_null=True)
    second = serializers.CharField(source="second.name", default=None, allow_null=True)
    waiting_reason = serializers.CharField()
    waiting_until = serializers.DateTimeField(allow_null=True)


class PickedOutput(serializers.Serializer[Any]):
    """What one got, its score and why, and how many above it were not for one."""

    work = WorkOutput(source="work_item")
    score = serializers.IntegerField()
    why = serializers.ListField(child=serializers.DictField())
    skipped = serializers.SerializerMethodField()

    def get_skipped(self, picked: Any) -> list[str]:
        """Why those above were not for one."""
        return [miss.words for miss in picked.skipped]


class TakeInput(rest.Input):
    """Past capacity or competence only with a coordinator's reason."""

    override_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AssignInput(TakeInput):
    """Who shall do it."""

    person = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="id")


class HandBackInput(rest.Input):
    """Why it goes back; not needed within two minutes of picking it."""

    reason = serializers.CharField(max_length=20, required=False, help_text="code of a reason in the settings")
    note_text = serializers.CharField(max_length=200, required=False, allow_blank=True)


class WaitInput(rest.Input):
    """What it waits for, perhaps until when."""

    reason = serializers.CharField(max_length=20, help_text="code of a reason in the settings")
    until = serializers.DateTimeField(required=False)


class SkipInput(rest.Input):
    """Why not."""

    reason = serializers.CharField(max_length=20, help_text="code of a reason in the settings")
    note_text = serializers.CharField(max_length=200, required=False, allow_blank=True)


class BoostInput(rest.Input):
    """Points up or down, why, until when."""

    points = serializers.IntegerField(min_value=-100, max_value=100)
    reason = serializers.CharField(max_length=200)
    expires_at = serializers.DateTimeField()


class PairInput(rest.Input):
    """Whom to ask to do it together."""

    person = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="id")
    note_text = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AnswerInput(rest.Input):
    """Yes or no to an ask; a no after a yes takes one away again."""

    ask = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="id of the ask")
    accept = serializers.BooleanField()


class AskOutput(serializers.Serializer[Any]):
    """Somebody asked a colleague to do the work together; `answer` is empty while it is open."""

    id = serializers.IntegerField()
    asker = serializers.CharField(source="asker.name")
    colleague = serializers.CharField(source="colleague.name")
    colleague_id = serializers.IntegerField()
    note = serializers.CharField()
    answer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class NeedInput(rest.Input):
    """A competence at a level."""

    competence = serializers.SlugRelatedField(slug_field="code", queryset=competences_in_use())
    level = serializers.IntegerField(min_value=1, max_value=3, required=False, default=1)


class RouteInput(rest.Input):
    """What the work needs. What is not sent stays as it is; null means no team, or at once."""

    needs = serializers.ListField(child=NeedInput(), required=False, max_length=6)
    team = serializers.SlugRelatedField(slug_field="code", queryset=teams(), required=False, allow_null=True)
    size = serializers.ChoiceField(choices=list(SIZES), required=False, help_text="S 1 h, M 4 h, L 16 h")
    site = serializers.CharField(max_length=60, required=False, allow_blank=True)
    earliest_at = serializers.DateTimeField(required=False, allow_null=True)


class ColleagueOut(serializers.Serializer[Any]):
    """Somebody who takes work from the queue."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    held = serializers.IntegerField(help_text="Work items in progress.")
    limit = serializers.IntegerField(help_text="Places in progress.")
    room_minutes = serializers.SerializerMethodField(
        help_text="Working time left in the next five working days; null for who may not know."
    )
    missing = serializers.CharField(help_text="What they lack for this work.")
    fits = serializers.BooleanField()

    def get_room_minutes(self, row: Any) -> int | None:
        """Hours of others are for those who may read capacity."""
        return int(row.room_minutes) if self.context.get("sees_hours") else None
