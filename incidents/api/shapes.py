"""What is sent and answered about incidents."""

from rest_framework import serializers

from accounts import rest
from incidents.models import Incident
from incidents.queries import choices
from processes.rest import RecordRowOut


class RowOut(RecordRowOut):
    """An incident as a list shows it. Of an own report that others handle only the members that are required here."""

    resolved_at = serializers.DateTimeField(allow_null=True)
    line = serializers.CharField(required=False)
    caller_count = serializers.IntegerField(required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    is_major = serializers.BooleanField(required=False)
    cause = serializers.CharField(required=False)


class IncidentOut(RowOut):
    """An incident whole; a requester gets the public part of an own one: the required members."""

    description = serializers.CharField()
    version = serializers.IntegerField()
    impact = serializers.IntegerField(required=False)
    urgency = serializers.IntegerField(required=False)
    waiting_reason = serializers.CharField(required=False)
    resolution = serializers.CharField(required=False)
    workaround = serializers.CharField(required=False)
    supplier = serializers.CharField(required=False)
    supplier_reference = serializers.CharField(required=False)
    part_of = serializers.CharField(required=False, allow_null=True, help_text="Number of the main incident.")
    merged_into = serializers.CharField(required=False, allow_null=True, help_text="Number of the one that goes on.")


class FactsIn(rest.Input):
    """What can be changed of an incident; things are named by code, tag or id."""

    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=50_000)
    service = serializers.SlugRelatedField(
        slug_field="code", queryset=choices.services(), required=False, allow_null=True
    )
    component = serializers.SlugRelatedField(
        slug_field="tag", queryset=choices.components(), required=False, allow_null=True
    )
    category = serializers.SlugRelatedField(
        slug_field="code", queryset=choices.categories(), required=False, allow_null=True
    )
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)


class ChangeIn(FactsIn):
    """A change of fields."""

    workaround = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    supplier_reference = serializers.CharField(required=False, allow_blank=True, max_length=80)


class OpeningIn(FactsIn):
    """A new incident. Only `title` is needed; staff name the caller, by id, or as a guest by name."""

    title = serializers.CharField(max_length=1000)
    caller = serializers.PrimaryKeyRelatedField(queryset=choices.callers(), required=False)
    guest = serializers.CharField(required=False, max_length=120)
    owner_team = serializers.SlugRelatedField(slug_field="code", queryset=choices.teams(), required=False)
    channel = serializers.ChoiceField(choices=Incident.Channel.choices, required=False)
    impact = serializers.IntegerField(min_value=1, max_value=4, required=False)
    urgency = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority_reason = serializers.CharField(required=False, max_length=200)
