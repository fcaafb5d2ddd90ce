"""Each step of an incident's life is an address of its own, described by the form that its button opens."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.rest.forms import described, filled
from incidents.api.shapes import IncidentOut
from incidents.forms.verbs import VERBS, Verb
from incidents.queries import detail
from records import commands as records

if TYPE_CHECKING:
    from incidents.api.calls import Incidents

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="For example INC-2400.")
SAYS = {
    "take": "Take the work and begin.",
    "begin": "Begin the work that one was given.",
    "give": "Give the work to somebody.",
    "give_back": "Put the work back into the queue, with the reason.",
    "hold": "Put on hold, with what it waits for.",
    "resume": "Go on with what was on hold.",
    "resolve": "Resolve, with the cause and what fixed it.",
    "close": "Close what is resolved.",
    "reopen": "Open again what is resolved or closed.",
    "cancel": "Cancel: nothing was to be done.",
    "prioritise": "Assess impact and urgency anew; another priority than they give needs a reason.",
    "escalate": "Hand over to another team or to a supplier.",
    "caller": "Add one more person who reports the same.",
    "update": "Tell the callers how it stands.",
    "merge": "Merge into another incident, which takes callers and words over.",
    "part": "Make it part of a main incident, or take it out again.",
    "major": "Declare a major incident.",
    "stand_down": "No major incident any more.",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "give": {"person": 12}, "give_back": {"reason": "shift_end", "note_text": "Logs are attached."},
    "hold": {"reason": "supplier", "until": "2026-03-06T08:00:00Z"},
    "resolve": {"cause": "network", "resolution": "New cable.", "tell_callers": True},
    "reopen": {"reason": "It drops again."}, "cancel": {"reason": "Logged twice."},
    "prioritise": {"impact": 2, "urgency": 1},
    "escalate": {"team": 4, "reason": "Needs somebody at the switch."},
    "caller": {"caller": "Anna Berg"}, "update": {"body": "The supplier is on site."},
    "merge": {"number": "INC-2398"}, "part": {"number": "INC-2398"},
    "major": {"leader": 12, "update_every_minutes": 60, "banner": "VPN is down. We are on it."},
    "stand_down": {"reason": "The VPN works again."},
}  # fmt: skip


def shown(view: "Incidents", number: str, at: datetime) -> Response:
    """The incident as it is now, with its ETag."""
    return view.shown(detail.by_number(view.actor, number), at)


def step(name: str, verb: Verb) -> Any:
    """The address of one step."""

    def post(self: "Incidents", request: Request, number: str) -> Response:
        incident = detail.by_number(self.actor, number)
        values = filled(verb.form, request.data, incident=incident, actor=self.actor)

        def work(at: datetime) -> Response:
            at = records.lock(incident.record, at=at)
            rest.match(request, incident.record.version)
            verb.run(incident, values, actor=self.actor, at=at)
            return shown(self, number, at)

        return self.act(work)

    post.__name__, post.__doc__ = f"step_{name}", SAYS[name]
    with translation.override("en"):
        given = described(verb.form, f"Incident{name.title().replace('_', '')}")
    described_so = extend_schema(
        operation_id=f"incidents_{name}", parameters=[NUMBER, rest.SEEN], request=given, responses=IncidentOut,
        tags=["incidents"], examples=_examples(name),
    )  # fmt: skip
    return described_so(action(detail=True, methods=["post"], url_path=name, url_name=name.replace("_", "-"))(post))


def _examples(name: str) -> list[OpenApiExample]:
    value = EXAMPLES.get(name)
    return [OpenApiExample(SAYS[name], value=value, request_only=True)] if value else []


STEPS = {name: step(name, verb) for name, verb in VERBS.items()}
