"""The description of the API, completed: summaries, refusals, repeatable POSTs, and an example for every body."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from accounts.rest.examples import example_of

Json = dict[str, Any]
SHARED_BY = 3
"""So many operations that say the same parameter share it."""
METHODS = ("get", "post", "put", "patch", "delete")
CHANGING = ("post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
REFUSALS: dict[str, tuple[str, str, str]] = {
    "400": ("The body cannot be read, or has a field that is not known here", "unknown_field",
            "There is no field colour here. Known are: name."),
    "401": ("Nobody is signed in, or the token does not work", "not_authenticated",
            "This token does not exist. Copy it again, or make a new one."),
    "403": ("Seen, but these roles or scopes may not do it", "not_allowed",
            "Your roles, or the scopes of your token, do not include this."),
    "404": ("There is nothing here, or it may not be seen: both look the same", "not_found",
            "There is nothing at this address, or you may not see it."),
    "409": ("Somebody was faster, or the state has moved on", "wrong_state",
            "INC-2400 is closed. Reopen it first."),
    "412": ("If-Match names a version that has been changed since", "version_mismatch",
            "It has changed since you read it. Read it again, then send your change."),
    "415": ("The body is of another content type than is taken here", "unsupported_media_type",
            'Unsupported media type "text/plain" in request.'),
    "422": ("A value does not fit; `fields` says which", "unprocessable",
            "Some fields cannot be used. Correct them and send the request again."),
    "428": ("If-Match is needed here", "version_missing", "Send If-Match with the ETag of the version that you saw."),
    "429": ("Too many requests; Retry-After says when to come back", "throttled",
            "Request was throttled. Expected available in 12 seconds."),
    "503": ("The database is busy, nothing was changed; Retry-After says when to come back", "busy",
            "The database is busy. Nothing was changed. Try again in a few seconds."),
}  # fmt: skip
KEY = {
    "in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "maxLength": 200},
    "description": "Send the same key again to get the same answer, for 24 hours, instead of a second effect.",
}  # fmt: skip


def complete(result: Json, generator: Any, request: Any, public: bool) -> Json:  # noqa: FBT001  # called by the library
    """The last hook of the schema: see the module."""
    del generator, request, public
    _tidy(result)
    parts = result.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = _problem()
    parts["responses"] = {f"Refused{status}": _refusal(status) for status in REFUSALS}
    for path, method, operation in operations(result):
        _summarise(operation)
        _refuse(path, method, operation)
        if method == "post" and not any(each.get("name") == KEY["name"] for each in operation["parameters"]):
            operation["parameters"].append(KEY)
        for body in bodies(operation):
            if "example" not in body and "examples" not in body:
                body["example"] = example_of(body.get("schema", {}), parts["schemas"])
    _share_parameters(result)
    return result


def _share_parameters(result: Json) -> None:
    """What three operations or more say alike of their address and headers is said once, among the components."""
    said: Counter[str] = Counter()
    for _path, _method, operation in operations(result):
        said.update(json.dumps(each, sort_keys=True, default=str) for each in operation["parameters"])
    names: dict[str, str] = {}
    shared: Json = {}
    for text in (text for text, times in said.items() if times >= SHARED_BY):
        each = json.loads(text)
        plain = "".join(part.title() for part in f"{each['in']} {each['name']}".replace("-", " ").split())
        name = plain if plain not in shared else f"{plain}{len(shared)}"
        names[text] = name
        shared[name] = each
    result["components"]["parameters"] = shared
    for _path, _method, operation in operations(result):
        known = ((each, names.get(json.dumps(each, sort_keys=True, default=str))) for each in operation["parameters"])
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{name}"} if name else each for each, name in known
        ]


def parameters(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Json]:
    """The parameters of an operation, those that are shared included."""
    shared = document["components"].get("parameters", {})
    return [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in operation["parameters"]]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Json]]:
    """(path, method, operation) of a document."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def bodies(operation: Mapping[str, Any]) -> Iterator[Json]:
    """The media types in which an operation takes or gives JSON; forms with files are described, not shown."""
    sent = operation.get("requestBody", {}).get("content", {})
    given = [response.get("content", {}) for response in operation["responses"].values()]
    for content in (sent, *given):
        yield from (body for kind, body in content.items() if kind == "application/json")


def _tidy(node: Any) -> None:
    """Take out what the library leaves for hooks of its own."""
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _tidy(each)
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)


def _summarise(operation: Json) -> None:
    words = " ".join(operation.get("description", "").split())
    first = words.partition(". ")[0].rstrip(".:")
    operation.setdefault("summary", first[:120])
    operation.setdefault("parameters", [])


def _refuse(path: str, method: str, operation: Json) -> None:
    statuses = {"401", "403", "429", "503"}
    if "{" in path:
        statuses.add("404")
    if method in CHANGING:
        statuses |= {"409", "422"}
    if "requestBody" in operation:
        statuses |= {"400", "415"}
    if any(each["name"] == "If-Match" for each in operation["parameters"]):
        statuses |= {"412", "428"} if method in ("patch", "put") else {"412"}
    answers = operation["responses"]
    for status in sorted(statuses - set(answers)):
        answers[status] = {"$ref": f"#/components/responses/Refused{status}"}
    if not operation.get("security", True):
        answers.pop("401", None)


def _refusal(status: str) -> Json:
    words, code, detail = REFUSALS[status]
    shown: Json = {"type": "about:blank", "title": words, "status": int(status), "detail": detail, "code": code}
    if status == "400":
        shown["fields"] = {"colour": [detail]}
    if status == "422":
        shown["fields"] = {"title": ["This field may not be blank."]}
    return {
        "description": words,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": shown}},
    }


def _problem() -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "Every refusal (RFC 9457). `code` tells problems apart; further members are facts about them.",
        "properties": {
            "type": text, "title": text, "status": {"type": "integer"},
            "detail": text | {"description": "A sentence for a person, in the language of the caller."},
            "code": text | {"description": "Stable, for machines."},
            "fields": {"type": "object", "additionalProperties": True, "description": "Field to its messages."},
        },
        "required": ["type", "title", "status", "detail", "code"],
    }  # fmt: skip
