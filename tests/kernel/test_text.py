"""Chinese pairs for the index and the query, checked in PostgreSQL itself."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kernel.text import SearchQuery, bigrams, search_query, similarity_words, without_cjk

FOUND = """
    SELECT (%(words)s = '' OR to_tsvector('english', %(latin)s) @@ websearch_to_tsquery('english', %(words)s))
       AND (%(pairs)s = '' OR to_tsvector('simple', %(bigrams)s) @@ to_tsquery('simple', %(pairs)s))
"""


def found(document: str, query: str) -> bool:
    """Whether PostgreSQL finds the document by what was typed."""
    words, pairs = search_query(query)
    facts = {"words": words, "pairs": pairs, "latin": without_cjk(document), "bigrams": bigrams(document)}
    with connection.cursor() as cursor:
        cursor.execute(FOUND, facts)
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ""),
        ("printer offline", ""),
        ("网", "网"),
        ("网络", "网络 络"),
        ("网络打印机", "网络 络打 打印 印机 机"),
        ("VPN连接失败, 打印", "连接 接失 失败 败 打印 印"),
        ("Outlook 打不开。网络慢", "打不 不开 开 网络 络慢 慢"),
        ("ＶＰＮ时时", "时时 时"),
        ("人々", "人々 々"),
    ],
)
def test_pairs_of_each_run(text: str, tokens: str) -> None:
    assert bigrams(text) == tokens


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("printer offline", SearchQuery("printer offline", "")),
        ('"paper jam" -fax', SearchQuery('"paper jam" -fax', "")),
        ("网络", SearchQuery("", "网络")),
        ("网", SearchQuery("", "网:*")),
        ("VPN连接失败", SearchQuery("VPN", "(连接 <-> 接失 <-> 失败)")),
        ("打印机 -网络", SearchQuery("", "(打印 <-> 印机) & !网络")),
        ('"打印机" laser', SearchQuery("laser", "(打印 <-> 印机)")),
        ("网络 or 打印", SearchQuery("", "网络 & 打印")),
        ("  ，。 ", SearchQuery("", "")),
        ("ＶＰＮ\0 down", SearchQuery("VPN down", "")),
    ],
)
def test_what_was_typed_becomes_two_halves(text: str, query: SearchQuery) -> None:
    assert search_query(text) == query


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "query", "hit"),
    [
        ("网络打印机无法连接", "打印机", True),
        ("网络打印机无法连接", "网络 连接", True),
        ("网络打印机无法连接", "接", True),  # the last character of the run
        ("网络打印机无法连接", "络", True),
        ("网络打印机无法连接", "网印", False),
        ("打印很慢, 印机坏", "打印机", False),  # both pairs, but not side by side
        ("VPN连接失败 after update", "VPN 失败 updates", True),
        ("VPN连接失败 after update", "VPN -失败", False),
        ("VPN连接失败", "-打印 VPN", True),
        ("printer offline", "打印", False),
    ],
)
def test_postgresql_finds_it(document: str, query: str, hit: bool) -> None:
    assert found(document, query) is hit


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["'", "网络' | x:*", "网 & !", "\\", "((网", "<-> 网络", "-", '"网络', "网络:*A", "\ud800网络"]
)
def test_no_query_is_a_syntax_error(query: str) -> None:
    assert found("网络", query) in (True, False)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20), st.data())
def test_every_part_of_a_run_is_asked_for_by_tokens_that_the_index_has(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    tokens = f" {bigrams(run)} "
    wanted = search_query(part).pairs.strip("()").removesuffix(":*").replace(" <->", "")
    assert f" {wanted}" in tokens


def test_words_to_compare_are_distinct_and_longest_first() -> None:
    assert similarity_words("VPN drops every ten minutes, vpn DROPS 打印 at 10:30 in Malmö") == (
        "minutes", "drops", "every", "malmö", "vpn", "ten",
    )  # fmt: skip
    assert similarity_words("no 12 of it") == ()
    assert similarity_words(" ".join(f"word{n}" for n in range(100)), most=3) == ("word10", "word11", "word12")
