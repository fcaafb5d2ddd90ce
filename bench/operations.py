"""What is measured: each operation is made ready, then done again and again with rotating people and records."""

import itertools
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.client import Answer, Client, Wrong

PASSWORD = "spider-in-the-web"
RARE = "zyxquartz"
BODY = "The printer on floor three prints blank pages since this morning; restarting it did not help. " * 3
COMMENTS = 10
Act = Callable[[int], "Answer | tuple[Answer, Callable[[], Answer]]"]
"""One doing: the answer, and what follows it untimed."""


class Untimed(Exception):
    """This one does not count: it only brought the client up to date."""


@dataclass(frozen=True)
class Row:
    """A row of the table; budgets in ms at 100,000 records, `peer` the best of the measured peers (p50, statements)."""

    code: str
    label: str
    budget: tuple[int, int]
    statements: int
    peer: str = "–"
    clients: int = 1


ROWS = (
    Row("queue", "queue page, 50 rows with reasons and clocks", (25, 50), 10, "235 (41)"),
    Row("fragment", "queue fragment", (15, 30), 10),
    Row("poll", "nothing-changed poll", (3, 10), 10),
    Row("list_api", "queue through the API, 50 rows", (15, 30), 10, "62 (11)"),
    Row("incidents_api", "incidents through the API, 50 rows", (15, 30), 10, "62 (11)"),
    Row("search", "search for a rare word (HTML)", (20, 45), 10, "154 (136)"),
    Row("record", "record page with 10 comments", (25, 50), 10, "54 (70)"),
    Row("record_api", "one incident through the API", (15, 30), 10, "38 (33)"),
    Row("call", "call logged (HTML)", (15, 30), 20),
    Row("create", "created through the API", (15, 30), 20, "24 (23)"),
    Row("comment", "comment (HTML)", (10, 20), 20, "22 (19)"),
    Row("comment_api", "comment through the API", (10, 20), 20, "22 (19)"),
    Row("state", "change of state through the API", (10, 20), 20, "30 (32)"),
    Row("pick", "pick next, then hand back (only the pick timed)", (10, 25), 20),
    Row("pick", "pick next, 8 pickers at once", (10, 25), 20, clients=8),
    Row("alert_new", "alert taken in: new", (20, 40), 20),
    Row("alert_repeat", "alert taken in: repeat", (4, 10), 10),
)


class Operations:
    """Everything that one client does; `number` tells several clients apart."""

    def __init__(self, port: int, made: dict[str, list[str]], number: int) -> None:
        self.port, self.made, self.number, self.chance = port, made, number, random.Random(number)
        self.page = Client(port)
        self.clients: dict[str, Iterator[Client]] = {}
        self.records: list[str] = []
        self.tag = ""

    def ready(self, code: str) -> Act:
        """Make ready what the operation needs; returns one doing of it, given its running number."""
        if code in ("queue", "fragment", "poll", "search", "record", "call", "comment"):
            self.page.sign_in("agent@region.example", PASSWORD)
        if code in ("record", "record_api"):
            self._talked_about()
        elif code in ("comment", "comment_api"):
            self.records = self._numbers("?limit=200")
        elif code == "state":
            self.records = self._held()
        act: Act = getattr(self, code)
        return act

    def api(self, kind: str) -> Client:
        """The next of the clients with a token."""
        if kind not in self.clients:
            texts = self.made[kind]
            own = [texts[self.number % len(texts)]] if kind == "pickers" else texts
            made = [Client(self.port, {"Authorization": f"Bearer {text}"}) for text in own]
            self.clients[kind] = itertools.cycle(made)
        return next(self.clients[kind])

    def _numbers(self, query: str) -> list[str]:
        return [row["number"] for row in self.api("agents").ask("GET", f"/api/v1/incidents/{query}").json()["results"]]

    def _talked_about(self) -> None:
        """Twelve new incidents with ten comments each."""
        self.records = [self.create(i).json()["number"] for i in range(12)]
        for number in self.records:
            for _comment in range(COMMENTS):
                self.api("agents").ask(
                    "POST", f"/api/v1/records/{number}/comments/", data={"body": BODY}, ok=(200, 201)
                )

    def _held(self) -> list[str]:
        """Incidents that somebody works on."""
        found = self._numbers("?limit=200&state=in_progress")
        if not found:
            raise Wrong("no incident is in progress")
        return found[:30]

    # ------------------------------------------------------------------------------------------ reading

    def queue(self, _i: int) -> Answer:
        """The whole page."""
        return self.page.ask("GET", "/queue/", has=(b"INC-", 50))

    def fragment(self, _i: int) -> Answer:
        """Its rows alone."""
        return self.page.ask("GET", "/queue/", has=(b"INC-", 50), headers={"HX-Request": "true"})

    def poll(self, _i: int) -> Answer:
        """Nothing has changed."""
        asked = {"HX-Request": "true", **({"If-None-Match": self.tag} if self.tag else {})}
        answer = self.page.ask("GET", "/queue/", ok=(200, 304), headers=asked)
        self.tag = answer.headers.get("ETag", "")
        if answer.status == 200:
            raise Untimed
        return answer

    def list_api(self, _i: int) -> Answer:
        """Rows of the queue as JSON."""
        return self.api("agents").ask("GET", "/api/v1/work/", has=(b'"number"', 50))

    def incidents_api(self, _i: int) -> Answer:
        """Rows of the list as JSON."""
        return self.api("agents").ask("GET", "/api/v1/incidents/", has=(b'"number"', 50))

    def search(self, _i: int) -> Answer:
        """A rare word."""
        return self.page.ask("GET", f"/find/?q={RARE}", has=(b"INC-", 1))

    def record(self, i: int) -> Answer:
        """One page."""
        return self.page.ask(
            "GET", f"/incidents/{self.records[i % len(self.records)]}/", has=(b"restarting it", COMMENTS)
        )

    def record_api(self, i: int) -> Answer:
        """One incident as JSON."""
        number = self.records[i % len(self.records)]
        return self.api("agents").ask("GET", f"/api/v1/incidents/{number}/", has=(b'"title"', 1))

    # ------------------------------------------------------------------------------------------ writing

    def call(self, i: int) -> Answer:
        """An agent logs a call."""
        form = {"about": f"Bench call {i}", "description": BODY, "look_caller": f"Caller {100 + i % 50}",
                "channel": "phone", "impact": "4", "urgency": "3", "verb": "log"}  # fmt: skip
        return self.page.ask("POST", f"/incidents/new/?call={uuid.uuid4()}", form=form, ok=(302, 303))

    def create(self, i: int) -> Answer:
        """A script opens an incident."""
        data = {"title": f"Bench {i}", "description": BODY, "impact": 3, "urgency": 3}
        return self.api("agents").ask("POST", "/api/v1/incidents/", data=data, ok=(201,), has=(b'"number"', 1))

    def comment(self, i: int) -> Answer:
        """An internal note."""
        number = self.records[i % len(self.records)]
        return self.page.ask(
            "POST", f"/records/{number}/comment/", form={"audience": "internal", "text": BODY}, ok=(302, 303)
        )

    def comment_api(self, i: int) -> Answer:
        """The same by a script."""
        number = self.records[i % len(self.records)]
        return self.api("agents").ask("POST", f"/api/v1/records/{number}/comments/", data={"body": BODY}, ok=(200, 201))

    def state(self, i: int) -> Answer:
        """Hold and resume in turn."""
        number, turn = self.records[i % len(self.records)], i // len(self.records)
        step, data = ("resume", {}) if turn % 2 else ("hold", {"reason": "supplier"})
        return self.api("agents").ask("POST", f"/api/v1/incidents/{number}/{step}/", data=data)

    def pick(self, _i: int) -> tuple[Answer, Callable[[], Answer]]:
        """Take the next, and give it back afterwards."""
        client = self.api("pickers")
        answer = client.ask("POST", "/api/v1/work/next/", data={})
        picked = answer.json()
        item = picked.get("id") or picked.get("work_item") or picked["work"]["id"]
        item = item["id"] if isinstance(item, dict) else item
        return answer, lambda: client.ask("POST", f"/api/v1/work/{item}/hand-back/", data={"reason": "no_time"})

    def alert_new(self, i: int) -> Answer:
        """An alert nobody knew."""
        return self._alert(f"new-{uuid.uuid4().hex}", i)

    def alert_repeat(self, i: int) -> Answer:
        """The same alert again."""
        return self._alert(f"again-{self.number}", 0 * i)

    def _alert(self, fingerprint: str, i: int) -> Answer:
        labels = {"alertname": "Down", "instance": f"lx-{i % 60 + 2:03}:9100", "severity": "warning", "n": fingerprint}
        alert = {"status": "firing", "fingerprint": fingerprint, "startsAt": "2026-03-04T11:00:00Z", "labels": labels,
                 "annotations": {"summary": "does not answer"}, "endsAt": "0001-01-01T00:00:00Z",
                 "generatorURL": "http://monitor.region.example/"}  # fmt: skip
        data = {"version": "4", "groupKey": "{}:{n=\"" + fingerprint + "\"}", "status": "firing", "receiver": "spindel",
                "groupLabels": {}, "commonLabels": labels, "commonAnnotations": {}, "externalURL": "",
                "truncatedAlerts": 0, "alerts": [alert]}  # fmt: skip
        return self.api("machines").ask("POST", "/api/v1/alerts/alertmanager/", data=data, ok=(202,))
