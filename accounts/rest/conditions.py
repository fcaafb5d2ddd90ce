"""ETag and If-Match over a record's `version`: nobody overwrites what they have not seen."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from rest_framework.request import Request

from kernel.errors import Refused, Stale


class VersionMismatch(Refused):
    """If-Match names another version than the present one: 412; `facts.version` is the present one."""

    status = 412
    code = "version_mismatch"


class VersionMissing(Refused):
    """A change of fields must say which version it saw: 428."""

    status = 428
    code = "version_missing"


def etag(version: int) -> dict[str, str]:
    """The headers of an answer that shows this version."""
    return {"ETag": f'"{version}"'}


def expected_version(request: Request) -> int | None:
    """The version in If-Match; None when the header is missing or `*`."""
    text = request.headers.get("If-Match", "").strip()
    number = text.removeprefix("W/").strip('"')
    if text in ("", "*"):
        return None
    if not number.isdecimal():
        raise VersionMismatch(_("If-Match does not name a version. Send the ETag of the last answer."))
    return int(number)


def match(request: Request, version: int, *, is_required: bool = False) -> None:
    """VersionMismatch (412) unless If-Match names `version`. Ask after the record is locked, inside the door.

    `is_required`: a missing header is refused too (428), for changes of fields.
    """
    expected = expected_version(request)
    if expected is None:
        if is_required and request.headers.get("If-Match", "") != "*":
            raise VersionMissing(_("Send If-Match with the ETag of the version that you saw."))
        return
    if expected != version:
        text = _("It has changed since you read it. Read it again, then send your change.")
        raise VersionMismatch(text, facts={"version": version})


@contextmanager
def conditional() -> Iterator[None]:
    """A command that compares versions under its own lock: the loser of a race hears 412, as without the race."""
    try:
        yield
    except Stale as stale:
        text = _("It has changed since you read it. Read it again, then send your change.")
        raise VersionMismatch(text, facts=stale.facts) from stale
