"""One family of refusals that pages and API turn into the same answers (ARCHITECTURE 10)."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A command says no: a sentence for the user, a stable code for machines, an HTTP status.

    `facts` are extra members for the API answer and the page (for example the current owner).
    """

    status = 422
    code = "refused"

    def __init__(self, message: str, *, code: str = "", facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.facts: dict[str, Any] = dict(facts or {})


class NotAllowed(Refused):
    """Seen, but this person may not do it: 403 with the reason."""

    status = 403
    code = "not_allowed"


class NotFound(Refused):
    """Does not exist, or may not be seen: both look the same (404)."""

    status = 404
    code = "not_found"


class Conflict(Refused):
    """Somebody else was first, or the state has moved on: 409."""

    status = 409
    code = "conflict"


class Stale(Conflict):
    """The value that the writer saw is no longer there: `facts` carry field, now and yours."""

    code = "stale"


class Unprocessable(Refused):
    """The input cannot be used: 422; `fields` maps a field to its messages."""

    status = 422
    code = "unprocessable"

    def __init__(self, message: str, *, code: str = "", fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message, code=code, facts={"fields": dict(fields)} if fields else None)
        self.fields: dict[str, list[str]] = dict(fields or {})
