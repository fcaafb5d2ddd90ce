"""The API's door: one transaction around one command, with the answer kept under the Idempotency-Key."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from accounts.commands.idempotency import Answer, claim_key, keep_answer
from accounts.models import IdempotencyKey
from journal.units import door
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200
Work = Callable[[datetime], Response]


class KeyInUse(Conflict):
    """Another request with the same key has not finished: 409, ask again."""

    code = "idempotency_key_in_use"


def act(request: Request, work: Work, *, hidden: Sequence[str] = ()) -> Response:
    """Run `work(at)` in the door and answer what it returns. Members named in `hidden` are not kept: secrets.

    With an Idempotency-Key the first answer is kept for 24 hours with its effect and given again; the key is the
    first lock of the transaction. A refusal keeps nothing, so that the same key may be used after correcting.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set with the user
    key = key_of(request)
    with door(actor, source="api") as at:
        if not key:
            return work(at)
        kept = claimed(request, key, actor, at)
        if isinstance(kept, Answer):
            return _again(kept)
        response = work(at)
        keep_answer(kept, Answer(response.status_code, _text(response, hidden), dict(response.headers.items())))
        return response


def key_of(request: Request) -> str:
    """The Idempotency-Key of a POST; empty without one."""
    key = request.headers.get(KEY_HEADER, "") if request.method == "POST" else ""
    if len(key) > LONGEST_KEY:
        raise Unprocessable(_("The Idempotency-Key is longer than 200 characters. Use a shorter one."))
    return key


def claimed(request: Request, key: str, actor: Actor, at: datetime) -> IdempotencyKey | Answer:
    """The row to keep the answer in, or the answer of the first time; KeyInUse while that one is at work."""
    try:
        return claim_key(key, path=request.path, digest=_digest(request), actor=actor, at=at)
    except OperationalError as fault:
        raise KeyInUse(
            _("The first request with this Idempotency-Key is still being done. Ask again shortly.")
        ) from fault


def _digest(request: Request) -> str:
    data: Any = (
        {name: request.data.getlist(name) for name in request.data} if hasattr(request.data, "getlist") else None
    )
    text = json.dumps(request.data if data is None else data, sort_keys=True, cls=JSONEncoder, default=_fingerprint)
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n{text}".encode()).hexdigest()


def _fingerprint(value: Any) -> str:
    """Bytes by content, an uploaded file by name and content; a file is read from the start again afterwards."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name} {digest.hexdigest()}"


def _text(response: Response, hidden: Sequence[str]) -> str:
    body = {**response.data, **dict.fromkeys(hidden)} if hidden else response.data
    return json.dumps(body, cls=JSONEncoder)


def _again(answer: Answer) -> Response:
    headers = {name: str(value) for name, value in answer.headers.items() if name.lower() != "content-type"}
    headers["Idempotency-Replayed"] = "true"
    return Response(json.loads(answer.body), status=answer.status, headers=headers)
