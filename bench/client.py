"""A client on one keep-alive connection; every answer is checked. Standard library only."""

import http.client
import json
import re
import urllib.parse
from dataclasses import dataclass, field
from typing import Any


class Wrong(Exception):
    """An answer that is not what the work should give."""


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: "http.client.HTTPMessage"

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Client:
    """Keeps cookies of the simplest kind and the headers of its caller."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    link: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, *, form: dict[str, Any] | None = None, data: Any = None,
        ok: tuple[int, ...] = (200,), has: tuple[bytes, int] | None = None, headers: dict[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """One request. Wrong for another status, or when `has` (text, how often) is not in the body."""
        sent = {"Host": f"localhost:{self.port}", "Accept-Encoding": "identity", **self.headers, **(headers or {})}
        body: bytes | None = None
        if form is not None:
            sent["Content-Type"], sent["Referer"] = (
                "application/x-www-form-urlencoded",
                f"http://localhost:{self.port}/",
            )
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form}).encode()
        elif data is not None:
            sent["Content-Type"], body = "application/json", json.dumps(data).encode()
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._send(method, path, body, sent)
        if answer.status not in ok:
            raise Wrong(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        if has is not None and answer.body.count(has[0]) < has[1]:
            raise Wrong(f"{method} {path}: {has[0]!r} stands there {answer.body.count(has[0])} times, not {has[1]}")
        return answer

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        for attempt in (1, 2):
            is_fresh = self.link is None
            try:
                self.link = self.link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.link.request(method, path, body=body, headers=headers)
                response = self.link.getresponse()
                data = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.close()
                if is_fresh or attempt == 2:  # else the server had closed a connection that stood idle
                    raise
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value
        if response.will_close:
            self.close()
        return Answer(response.status, data, response.headers)

    def close(self) -> None:
        """End the connection."""
        if self.link is not None:
            self.link.close()
        self.link = None

    def sign_in(self, address: str, password: str) -> None:
        """As a person does."""
        page = self.ask("GET", "/accounts/login/").body
        hidden = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = hidden.group(1).decode() if hidden else ""
        self.ask("POST", "/accounts/login/", form={"csrfmiddlewaretoken": token, "login": address,
                                                   "password": password}, ok=(302,))  # fmt: skip
        self.ask("GET", "/queue/")
