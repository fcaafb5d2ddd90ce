"""What is found: three languages, beginnings of words, numbers, order, and never what the reader may not see."""

from datetime import timedelta

import pytest

from journal import commands as journal
from journal.commands.search import upsert
from journal.models import SearchDocument
from journal.queries.search import asked, did_you_mean, search, visible_documents
from kernel.actor import Actor
from tests.factories import NOON

pytestmark = pytest.mark.django_db
AGENT = Actor(id=7, kind="person", name="Li", see_all=True)
KINDS = ("incident", "component")
TITLES = (
    "VPN drops every ten minutes", "Skrivarna på plan 3 fastnar", "核心交换机端口抖动", "Label printer offline",
    "vpn-gw-02 overheats",
)  # fmt: skip


def fill() -> None:
    upsert(
        journal.Document(
            kind="incident", id=number, number=f"INC-{2400 + number}", title=title,
            at=NOON - timedelta(days=100 * number), is_open=number < 2, audience=(11,),
            names="Anna Berg" if number == 3 else "",
        )
        for number, title in enumerate(TITLES)
    )  # fmt: skip


def found(text: str, actor: Actor = AGENT) -> list[str]:
    hits = search(visible_documents(actor, KINDS), asked(text, ("INC",)), at=NOON)
    return [hit.number for hit in hits]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("drop", ["INC-2400"]),
        ("skrivare", ["INC-2401"]),
        ("skri", ["INC-2401"]),
        ("printers", ["INC-2403"]),
        ("交换机", ["INC-2402"]),
        ("机", ["INC-2402"]),
        ("vpn", ["INC-2400", "INC-2404"]),
        ("vpn -gw", ["INC-2400"]),
        ("gw-02", ["INC-2404"]),
        ("anna berg", ["INC-2403"]),
        ("anna label", ["INC-2403"]),
        ("2404", ["INC-2404"]),
        ("inc-2403", ["INC-2403"]),
        ("'); --", []),
        ("& | ! <->", []),
        ("", []),
        ("\\", []),
        ("nothing of this kind", []),
    ],
)
def test_what_people_type_is_found(text: str, numbers: list[str]) -> None:
    fill()
    assert found(text) == numbers


def test_only_the_audience_finds_and_see_all_finds_no_closed_class() -> None:
    fill()
    SearchDocument.objects.filter(number="INC-2400").update(is_closed_class=True)
    outsider, member = (
        Actor(id=8, kind="person", name="Bo"),
        Actor(id=8, kind="person", name="Bo", teams=frozenset({11})),
    )
    assert found("vpn", outsider) == []
    assert found("vpn", member) == ["INC-2400", "INC-2404"]
    assert found("vpn") == ["INC-2404"]


def test_a_misspelt_word_gets_the_nearest_one_that_may_be_seen() -> None:
    fill()
    documents = visible_documents(AGENT, KINDS)
    assert did_you_mean(documents, "skrivarma") == "skrivarna"
    assert did_you_mean(documents.filter(pk=0), "skrivarma") == ""
    assert did_you_mean(documents, "vpn") == ""


def test_a_document_is_replaced_not_doubled() -> None:
    fill()
    upsert([journal.Document(kind="incident", id=0, number="INC-2400", title="Payroll", at=NOON)])
    assert found("payroll") == ["INC-2400"]
    assert found("drops") == []
