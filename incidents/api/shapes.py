"""What is sent and answered about incidents."""

from typing import Any

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


class CallerOut(serializers.Serializer[Any]):
    """Somebody who reported the same, beside the requester."""

    id = serializers.IntegerField(source="user.pk")
    name = serializers.CharField(source="user.name")
    phone = serializers.CharField(source="user.phone")
    email = serializers.CharField(source="user.email", allow_null=True)
    unit = serializers.CharField(source="user.unit")
    at = serializers.DateTimeField()


class PreviewIn(rest.Input):
    """What is known of a call so far."""

    title = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    caller = serializers.PrimaryKeyRelatedField(queryset=choices.callers(), required=False, allow_null=True)
    component = serializers.SlugRelatedField(
        slug_field="tag", queryset=choices.components(), required=False, allow_null=True
    )
    impact = serializers.IntegerField(min_value=1, max_value=4, required=False, default=4)
    urgency = serializers.IntegerField(min_value=1, max_value=4, required=False, default=3)
    priority = serializers.IntegerField(
        min_value=1, max_value=4, required=False, allow_null=True, default=None, help_text="Chosen by hand."
    )


class Known(serializers.Serializer[Any]):
    """A record by number and title."""

    number = serializers.CharField()
    title = serializers.CharField()


class PreviewOut(serializers.Serializer[Any]):
    """What would come of the call: the priority of the matrix, what is promised, what may be the same fault."""

    priority = serializers.IntegerField(source="assessment.priority")
    words = serializers.CharField(source="assessment.words", help_text="Why, in the language of the caller.")
    respond_by = serializers.DateTimeField(source="assessment.respond_by", allow_null=True)
    fix_by = serializers.DateTimeField(source="assessment.fix_by", allow_null=True)
    similar = Known(source="similar_records", many=True, help_text="What may be the same fault.")
    open_records = Known(many=True, help_text="Of the caller.")
    earlier = Known(many=True, help_text="Of the caller, closed.")
    services = serializers.SerializerMethodField(help_text="Services that stop with the component.")

    def get_services(self, situation: Any) -> list[str]:
        """Their codes."""
        return [hit.code for hit in situation.services]


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
    nature = serializers.ChoiceField(choices=Incident.Nature.choices, required=False, help_text="What the call is.")
    impact = serializers.IntegerField(min_value=1, max_value=4, required=False)
    urgency = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority_reason = serializers.CharField(required=False, max_length=200)
