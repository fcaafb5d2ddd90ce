"""Every refusal of the API is application/problem+json (RFC 9457) with a stable `code`."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.validators import ProhibitNullCharactersValidator
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kernel.errors import NotFound, Refused, Unprocessable
from kernel.text import is_unstorable

log = logging.getLogger("spindel.web")
CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Nobody is signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not possible here"),
    406: gettext_lazy("No such format"),
    409: gettext_lazy("Somebody was faster"),
    412: gettext_lazy("It has changed since"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("No such content type"),
    422: gettext_lazy("It cannot be used"),
    428: gettext_lazy("Say which version you saw"),
    429: gettext_lazy("Too many requests"),
    503: gettext_lazy("Busy just now"),
}


class ProblemSerializer(serializers.Serializer[Any]):
    """The body of every refusal."""

    type = serializers.CharField(help_text="Always about:blank; `code` tells problems apart.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for a person.")
    code = serializers.CharField(help_text="Stable, for machines: not_found, not_allowed, stale, wrong_state, …")
    fields = serializers.DictField(child=serializers.ListField(), required=False, help_text="Field to its messages.")  # type: ignore[assignment]  # a member named fields


def problem(status: int, detail: str, *, code: str, headers: dict[str, str] | None = None, **facts: Any) -> Response:
    """A problem document as an answer."""
    title = str(TITLES.get(status, _("Refused")))
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **facts}
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def handle(fault: Exception, context: dict[str, Any]) -> Response | None:
    """What the API answers to an exception; None leaves it a fault of the server (500)."""
    set_rollback()
    if isinstance(fault, Refused):
        return _refused(fault)
    if isinstance(fault, Http404):
        return not_found()
    if isinstance(fault, PermissionDenied):
        return problem(403, _("You may not do this."), code="not_allowed")
    if isinstance(fault, (OperationalError, InterfaceError)):
        log.warning("database not available: %s", fault)
        text = _("The database is busy. Nothing was changed. Try again in a few seconds.")
        return problem(503, text, code="busy", headers={"Retry-After": "3"})
    return _framework(fault) if isinstance(fault, exceptions.APIException) else _unusable(fault)


def _unusable(fault: Exception) -> Response | None:
    if is_unstorable(fault):
        return _refused(Unprocessable(str(ProhibitNullCharactersValidator.message)))
    if isinstance(fault, RecursionError):
        return problem(400, _("The JSON is nested too deeply."), code="unreadable")
    return None


def not_found() -> Response:
    """The one 404: the same bytes whether something is hidden or not there."""
    return problem(404, _("There is nothing at this address, or you may not see it."), code="not_found")


def _refused(fault: Refused) -> Response:
    if isinstance(fault, NotFound):
        return not_found()
    facts = {name: value for name, value in fault.facts.items() if name not in ("type", "title", "status", "detail")}
    if isinstance(fault, Unprocessable) and fault.fields:
        facts["fields"] = fault.fields
    return problem(fault.status, fault.message, code=fault.code, **facts)


def _framework(fault: exceptions.APIException) -> Response:
    if isinstance(fault, exceptions.NotFound):
        return not_found()
    if isinstance(fault, exceptions.ValidationError):
        text = _("Some fields cannot be used. Correct them and send the request again.")
        return problem(422, text, code="unprocessable", fields=_fields(fault.detail))
    headers = {}
    if isinstance(fault, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = str(getattr(fault, "auth_header", "") or 'Bearer realm="Spindel"')
    wait = getattr(fault, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    code = str(fault.get_codes()) if isinstance(fault.get_codes(), str) else fault.default_code
    return problem(fault.status_code, str(fault.detail), code=code, headers=headers)


def _fields(detail: Any) -> dict[str, Any]:
    if isinstance(detail, dict):
        return {str(name): value if isinstance(value, (list, dict)) else [value] for name, value in detail.items()}
    return {"non_field_errors": detail if isinstance(detail, list) else [detail]}
