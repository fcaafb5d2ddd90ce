"""Mails and webhook calls: sent once, retried with the same key, dead with their error, never to private networks."""

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from standardwebhooks import Webhook as Verifier

from accounts.models import User
from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from kernel.errors import Refused
from kernel.reactions import Fact
from notifications import commands
from notifications.commands import egress
from notifications.models import Delivery, Notification, Rule, Webhook
from records import commands as records
from records.models import Record
from tests.factories import NOON, make_user
from tests.journal.test_chain import FLOW

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it gets; answers what the test wants."""

    got: list[tuple[dict[str, str], bytes]] = []
    answer = 200

    def do_POST(self) -> None:
        """One delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append((dict(self.headers.items()), body))
        self.send_response(Receiver.answer)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An HTTP receiver on loopback, whose port is let through."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Receiver.got, Receiver.answer = [], 200
    monkeypatch.setattr(egress, "PORTS", (*egress.PORTS, server.server_port))
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


class Box:
    """A mailbox that may refuse."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.refusals = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Take or refuse one message."""
        if self.refusals:
            self.refusals -= 1
            return "451 try later"
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Box]:
    """A real SMTP server on loopback."""
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


def fact_about(record: Record, code: str = "incident.resolve", event_id: int = 7, **data: Any) -> Fact:
    """What the relay hands to the reaction."""
    return Fact(code, record.kind, record.pk, NOON, SYSTEM, data, None, event_id)


def a_record(requester: Any = None, priority: int = 3) -> Record:
    """An open record."""
    with door(SYSTEM):
        opening = records.Opening(title="VPN drops", requester=requester, priority=priority)
        return records.open_record(FLOW, opening, actor=SYSTEM, at=NOON)


def a_webhook(url: str, **fields: Any) -> Webhook:
    """A webhook that hears incidents."""
    values = {"name": "Chat", "codes": ["incident.*"], "allows_private": True, **fields}
    return Webhook.objects.create(url=url, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", **values)


def test_a_webhook_gets_one_signed_message_and_a_second_telling_adds_none(receiver: str) -> None:
    hook, record = a_webhook(receiver), a_record(priority=1)
    commands.tell(fact_about(record))
    commands.tell(fact_about(record))
    assert commands.deliver_due(NOON) == 1
    assert commands.deliver_due(NOON + timedelta(minutes=5)) == 0
    headers, body = Receiver.got[0]
    assert len(Receiver.got) == 1
    assert headers["webhook-id"] == f"hook-7-{hook.pk}"
    assert record.number.encode() in body
    signer, moment = Verifier(hook.secret), datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    assert headers["webhook-signature"] == signer.sign(headers["webhook-id"], moment, body.decode())
    assert headers["webhook-signature"] != signer.sign(
        headers["webhook-id"], moment, body.decode().replace("VPN", "LAN")
    )


def test_a_receiver_that_is_down_is_tried_again_with_the_same_key_and_given_up_at_last(receiver: str) -> None:
    a_webhook(receiver)
    commands.tell(fact_about(a_record(priority=1)))
    Receiver.answer = 500
    at = NOON
    for _attempt in range(40):
        commands.deliver_due(at)
        at += timedelta(hours=6, seconds=1)
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.sent_at, delivery.last_status) == (12, None, 500)
    assert delivery.dead_at is not None
    assert delivery.error == "The receiver answered 500."
    assert len({headers["webhook-id"] for headers, _ in Receiver.got}) == 1


def test_undoable_acts_wait_ten_seconds_unless_p1(receiver: str) -> None:
    a_webhook(receiver)
    commands.tell(fact_about(a_record(priority=3)))
    assert commands.deliver_due(NOON + timedelta(seconds=9)) == 0
    assert commands.deliver_due(NOON + timedelta(seconds=10)) == 1


def test_a_receiver_that_is_away_is_asked_once_a_sweep_and_then_left_alone(
    receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(egress, "PORTS", (*egress.PORTS, port))
    dead, record = a_webhook(f"http://127.0.0.1:{port}/hook", name="Away"), a_record(priority=1)
    for event in range(1, 8):
        commands.tell(fact_about(record, event_id=event))
    a_webhook(receiver)
    commands.tell(fact_about(record, event_id=9))
    assert commands.deliver_due(NOON) == 2
    assert len(Receiver.got) == 1, "nobody waits for the one that is away"
    for second in range(1, 5):
        commands.deliver_due(NOON + timedelta(seconds=second))
    dead.refresh_from_db()
    assert dead.open_until == NOON + timedelta(seconds=64)
    assert commands.deliver_due(NOON + timedelta(seconds=60)) == 0
    assert commands.deliver_due(NOON + timedelta(seconds=65)) >= 1


def test_one_message_that_cannot_be_made_does_not_keep_the_others(receiver: str) -> None:
    spoiled, record = a_webhook(receiver, name="Spoiled"), a_record(priority=1)
    commands.tell(fact_about(record, event_id=1))
    Webhook.objects.filter(pk=spoiled.pk).update(secret="", codes=[])
    a_webhook(receiver)
    commands.tell(fact_about(record, event_id=2))
    assert commands.deliver_due(NOON) == 2
    assert [headers["webhook-id"][:7] for headers, _body in Receiver.got] == ["hook-2-"]
    kept = Delivery.objects.get(webhook=spoiled)
    assert (kept.sent_at, kept.dead_at, kept.leased_until, bool(kept.error)) == (None, None, None, True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://[::ffff:10.0.0.1]/", "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data", "http://2130706433/", "http://0x7f000001/", "http://192.168.1.1/",
        "http://100.64.0.1/", "http://0.0.0.0/", "ftp://example.org/", "http://user@example.org/", "http://example.org:22/",
        "http://224.0.0.1/", "http://[fe80::1%25lo]/", "file:///etc/passwd", "http:///nohost",
    ],
)  # fmt: skip
def test_private_and_strange_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        egress.post(url, b"{}", {})


def test_mail_reaches_the_requester_once_and_survives_a_refusal(mailbox: Box) -> None:
    Rule.objects.create(code="incident.resolve", to="requester", channel="email")
    anna = make_user(email="anna@region.example", language="sv")
    commands.tell(fact_about(a_record(anna)))
    mailbox.refusals = 1
    late = NOON + timedelta(minutes=1)
    assert (commands.deliver_due(late), len(mailbox.messages)) == (1, 0)
    assert commands.deliver_due(late + timedelta(seconds=11)) == 1
    assert commands.deliver_due(late + timedelta(hours=1)) == 0
    (message,) = mailbox.messages
    assert message.rcpt_tos == ["anna@region.example"]
    assert b"Auto-Submitted: auto-generated" in message.content
    assert f"<mail-7-{anna.pk}@".encode() in message.content
    assert Notification.objects.get().user_id == anna.pk


def test_nobody_is_told_about_their_own_act_nor_about_what_they_may_not_see(mailbox: Box) -> None:
    Rule.objects.create(code="incident.resolve", to="requester", channel="in_app")
    anna = make_user()
    record = a_record(anna)
    own = fact_about(record)
    acting = type(SYSTEM)(id=anna.pk, kind="person", name="Anna")
    commands.tell(Fact(own.code, own.subject_kind, own.subject_id, NOON, acting, {}, None, 8))
    assert Notification.objects.count() == 0
    Record.objects.filter(pk=record.pk).update(confidential_class="security", audience=[-99])
    commands.tell(fact_about(record, event_id=9))
    assert Notification.objects.count() == 0


def told_by_mail(count: int, *, apart: timedelta = timedelta()) -> User:
    """Somebody whose incidents were resolved one after the other."""
    Rule.objects.create(code="incident.resolve", to="requester", channel="email")
    anna = make_user(email="anna@region.example")
    for event in range(1, count + 1):
        commands.tell(replace(fact_about(a_record(anna), event_id=event), at=NOON + apart * (event - 1)))
    return anna


def deliver_all(begin: datetime, minutes: int) -> None:
    """The sweep comes by every minute."""
    for minute in range(minutes):
        commands.deliver_due(begin + timedelta(minutes=minute))


def test_a_storm_becomes_ten_mails_and_one_digest(mailbox: Box) -> None:
    Rule.objects.create(code="incident.resolve", to="requester", channel="email")
    anna = make_user(email="anna@region.example")
    records = [a_record(anna) for _each in range(20)]
    for event, record in enumerate(records, 1):
        moment = NOON + timedelta(seconds=10 * event)
        commands.tell(replace(fact_about(record, event_id=event), at=moment))
        commands.deliver_due(moment)
    deliver_all(NOON + timedelta(minutes=7), 20)
    *single, digest = [text_of(message) for message in mailbox.messages]
    assert len(single) == 10
    assert all(record.number in digest for record in records[10:])
    assert "10 things happened" in digest


@pytest.mark.parametrize("apart", [timedelta(), timedelta(minutes=4)])
def test_after_an_outage_everybody_gets_one_mail(mailbox: Box, apart: timedelta) -> None:
    told_by_mail(20, apart=apart)
    back = NOON + timedelta(hours=3)
    deliver_all(back, 30)
    (digest,) = [text_of(message) for message in mailbox.messages]
    assert digest.count("INC-") >= 20
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_a_digest_that_fails_takes_what_came_meanwhile_along_and_nothing_is_told_twice(mailbox: Box) -> None:
    told_by_mail(5)
    mailbox.refusals = 1
    commands.deliver_due(NOON + timedelta(minutes=1))
    for event in range(6, 10):
        commands.tell(fact_about(a_record(User.objects.get(email="anna@region.example")), event_id=event))
    deliver_all(NOON + timedelta(minutes=2), 10)
    (digest,) = [text_of(message) for message in mailbox.messages]
    assert "9 things happened" in digest


def test_what_was_held_in_quiet_hours_comes_as_one_mail(mailbox: Box) -> None:
    anna = told_by_mail(0)
    User.objects.filter(pk=anna.pk).update(quiet_hours={"from": "11:00", "to": "13:30"}, zone="Europe/Stockholm")
    for event in range(1, 6):
        commands.tell(fact_about(a_record(anna), event_id=event))
    deliver_all(NOON, 89)
    assert mailbox.messages == []
    deliver_all(NOON + timedelta(minutes=90), 2)
    assert len(mailbox.messages) == 1


def test_mails_stand_on_the_time_line_sent_or_given_up(mailbox: Box) -> None:
    anna = told_by_mail(1)
    mailbox.refusals = 1
    deliver_all(NOON, 4)
    record = Record.objects.get()
    assert said(record) == [("notification.mailed", anna.name)]
    commands.tell(fact_about(record, event_id=9))
    mailbox.refusals = 99
    for hour in range(1, 60):
        commands.deliver_due(NOON + timedelta(hours=hour))
    assert said(record) == [("notification.mailed", anna.name), ("notification.not_mailed", anna.name)]


def test_the_contact_owner_hears_of_a_mail_that_could_not_be_delivered(mailbox: Box) -> None:
    Rule.objects.create(code="notification.not_mailed", to="contact_owner", channel="email")
    owner, record = make_user("agent"), a_record()
    Record.objects.filter(pk=record.pk).update(contact_owner=owner)
    commands.tell(fact_about(record, "notification.not_mailed", name="Anna", error="refused"))
    assert Notification.objects.get().user_id == owner.pk
    assert Delivery.objects.count() == 0, "a mail about a failed mail would fail as well"


def said(record: Record) -> list[tuple[str, str]]:
    """What the time line says about mails, and to whom."""
    rows = Event.objects.filter(subject_id=record.pk, code__startswith="notification.").order_by("seq")
    return [(row.code, row.data["name"]) for row in rows]


def text_of(message: Any) -> str:
    """A mail's subject and words."""
    parsed = message_from_bytes(message.content, policy=default)
    return f"{parsed['subject']}\n{parsed.get_content()}"


def test_quiet_hours_hold_mail_back_until_they_end_but_not_at_p1(mailbox: Box) -> None:
    Rule.objects.create(code="incident.resolve", to="requester", channel="email")
    anna = make_user(quiet_hours={"from": "11:00", "to": "13:30"}, zone="Europe/Stockholm")
    commands.tell(fact_about(a_record(anna), event_id=1))
    commands.tell(fact_about(a_record(anna, priority=1), event_id=2))
    waiting = dict(Delivery.objects.values_list("key", "available_at"))
    assert waiting[f"mail-1-{anna.pk}"] == NOON + timedelta(minutes=90)
    assert waiting[f"mail-2-{anna.pk}"] == NOON
