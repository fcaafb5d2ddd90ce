"""An example for any schema of the API: what a member is called says what stands in it, else its type does."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
DEEPEST = 6
WORDS: dict[str, Any] = {
    "number": "INC-2400", "title": "VPN drops every ten minutes", "description": "Since this morning, at all sites.",
    "body": "We have changed the cable and watch it.", "text": "Anna Berg replied", "html": "<p>It works again.</p>",
    "name": "Anna Berg", "email": "anna.berg@region.example", "phone": "+46 8 123 44 12", "staff_number": "a4412",
    "who": "Anna Berg", "unit": "Ward 4", "location": "main-building", "zone": "Europe/Stockholm", "language": "sv",
    "code": "network", "tag": "vpn-gw-02", "serial": "SN-4711", "type": "server", "state": "in_progress",
    "phase": "active", "line": "technical", "category": "network", "reason": "The supplier has the part.",
    "url": "/incidents/INC-2400/", "priority": 2, "impact": 2, "urgency": 2, "version": 3, "id": 12, "score": 310,
    "points": 20, "percent": 75, "criticality": 1, "depth": 1, "users": 240, "people": 240, "total": 1, "level": 2,
    "minutes": 240, "estimate_minutes": 60, "task": "resolve", "site": "main-building", "metric": "resolution",
    "left": 5400, "used_percent": 62, "cause": "network", "resolution": "New cable.", "kind": "incident",
    "channel": "phone", "supplier": "Nordic Networks", "supplier_reference": "NN-77", "workaround": "Use the phone.",
    "tags": ["vpn"], "words": "Broken promise: 62 % used", "reasons": "Promise, priority", "why": "assignee",
    "country": "SE", "secret": "whsec_c3BpbmRlbA==", "codes": ["incident.*"], "address": "https://chat.region.example/",
    "pattern": "crit*", "label": "severity", "value": "critical", "note": "Back on Monday", "role": "technician",
    "part_of": "INC-2398", "waiting_reason": "supplier", "banner": "VPN is down. We are on it.", "starts": "08:00",
    "ends": "17:00", "sentence": "Resolution of incidents with priority 2 within 4 h.", "caller_count": 3,
    "q": "vpn", "next": None, "previous": None, "guest": "Anna Berg", "size": 20480, "content_type": "image/png",
    "customer": "Region Nord", "error": "", "attempts": 1, "last_status": 200, "not_for_you": "", "icon": "server",
    "opened": 42, "resolved": 40, "in_time": 37, "late": 3, "at_desk": 21, "share": 93, "overdue": 2, "due": 4,
    "unrouted": 1, "component_labels": ["instance", "host"],
    "service_labels": ["service"], "position": 10, "position_in_list": 1, "looked_at": 120,
    "moved": 4, "message": "{\"alerts\": []}", "override_reason": "", "work_in_progress": 3, "audience": "public",
    "skipped": ["Needs Network, level 2"], "needs": ["Network, level 2"], "assignee_id": 12, "person": 12,
}  # fmt: skip
CALLED: dict[str, dict[str, Any]] = {
    "component": {"name": "VPN gateway 2"}, "service": {"name": "VPN", "code": "vpn"},
    "team": {"name": "Network team"}, "category": {"name": "Network"}, "owner_team": {"name": "Network team"},
    "source": {"name": "VPN gateway 2"}, "target": {"name": "VPN gateway 1", "tag": "vpn-gw-01"},
}  # fmt: skip
"""What stands in the members of an object with this name."""
FORMATS = {
    "date-time": "2026-03-04T11:00:00Z", "date": "2026-03-04", "email": "anna.berg@region.example", "time": "08:00",
    "uri": "https://spindel.example/api/v1/incidents/?after=WzEyXQ", "binary": "…",
}  # fmt: skip
PLAIN: dict[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def example_of(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that the schema allows. `parts` are the document's schemas, `name` is what the value is called."""
    schema = _resolved(schema, parts)
    for given in ("example", "const", "default"):
        if schema.get(given, "") != "":
            return schema[given]
    if schema.get("enum"):
        return _chosen(schema["enum"], name)
    kind = _type(schema)
    if kind == "object":
        return _object(schema, parts, name, depth)
    if kind == "array":
        return _array(schema, parts, name, depth)
    return _scalar(schema, kind, name)


def _resolved(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Json:
    found = dict(schema)
    while "$ref" in found:
        found = dict(parts[found["$ref"].rpartition("/")[2]])
    for each in found.pop("allOf", ()):
        found = {**_resolved(each, parts), **found}
    for several in ("oneOf", "anyOf"):
        if several in found:
            return _resolved(found[several][0], parts)
    return found


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    if isinstance(kind, list):
        return next((str(each) for each in kind if each != "null"), "null")
    return str(kind)


def _chosen(allowed: list[Any], name: str) -> Any:
    return WORDS[name] if WORDS.get(name) in allowed else next((each for each in allowed if each not in ("", None)), "")


def _object(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str, depth: int) -> Json:
    if depth >= DEEPEST:
        return {}
    members = schema.get("properties", {})
    shown = {each: example_of(member, parts, each, depth + 1) for each, member in members.items()}
    return shown | {each: value for each, value in CALLED.get(name, {}).items() if each in shown}


def _array(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str, depth: int) -> list[Any]:
    known = WORDS.get(name)
    if isinstance(known, list) and _type(_resolved(schema.get("items", {}), parts)) == "string":
        return known
    return [example_of(schema.get("items", {}), parts, name, depth + 1)] * max(1, schema.get("minItems", 1))


def _scalar(schema: Mapping[str, Any], kind: str, name: str) -> Any:
    if name in WORDS and _fits(WORDS[name], schema, kind):
        return WORDS[name]
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), min(PLAIN[kind], schema.get("maximum", 1)))
    return PLAIN.get(kind, "text")


def _fits(value: Any, schema: Mapping[str, Any], kind: str) -> bool:
    types: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    if value is None:
        return isinstance(schema.get("type"), list) and "null" in schema["type"]
    if kind not in types or not isinstance(value, types[kind]) or schema.get("format") in ("date-time", "uri", "date"):
        return False
    if isinstance(value, str):
        return len(value) <= (schema.get("maxLength") or len(value))
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
