"""Text becomes HTML that shows what was written and does nothing."""

import re

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import markdown
from kernel.markdown import LONGEST, SafeHtml, render
from tests.kernel.xss import VECTORS, dangers


def record_url(number: str) -> str | None:
    """Incidents only."""
    return f"/incidents/{number}/" if number.startswith("INC-") else None


def link(href: str, label: str) -> str:
    """A link as it is rendered."""
    return f'<a href="{href}" rel="noopener noreferrer nofollow">{label}</a>'


def bare(href: str) -> str:
    """A link that shows its address."""
    return link(href, href)


@pytest.mark.parametrize("vector", VECTORS)
def test_an_attack_is_only_text(vector: str) -> None:
    for text in (
        vector,
        f"- {vector}",
        f"> {vector}",
        f"| a |\n|-|\n| {vector} |",
        f"before {vector} after",
        f"**{vector}**",
    ):
        for top_heading in (None, 2):
            assert dangers(render(text, record_url=record_url, top_heading=top_heading)) == []


def test_the_list_of_attacks_is_long_and_bites() -> None:
    assert len(set(VECTORS)) >= 60
    assert sum(bool(dangers(vector)) for vector in VECTORS) >= 60  # unrendered, the reader finds them


MARKS = (
    "[",
    "](",
    ")",
    "`",
    "```\n",
    "\n\n",
    "<",
    ">",
    '"',
    "'",
    "*",
    "_",
    "|",
    "\n|-|\n",
    "&#",
    "\\",
    "# ",
    "!",
    "INC-1",
    "http://",
)
fragments = st.one_of(st.sampled_from(VECTORS), st.sampled_from(MARKS), st.text(max_size=10))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(fragments, max_size=8).map("".join))
def test_no_mixture_of_attacks_gets_through(text: str) -> None:
    assert dangers(render(text, record_url=record_url)) == []


def test_the_list_of_elements_is_a_wall_of_its_own() -> None:
    for vector in VECTORS:
        assert dangers(markdown._CLEANER.clean(vector)) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("first\nsecond", "<p>first<br>\nsecond</p>"),
        ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>"),
        ("<b>not</b> HTML", "<p>&lt;b&gt;not&lt;/b&gt; HTML</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("3. x\n4. y", '<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>'),
        ("line\n----", "<p>line</p>\n<hr>"),
        ("```\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>"),
        ("see INC-2400.", f"<p>see {link('/incidents/INC-2400/', 'INC-2400')}.</p>"),
        ("见INC-9的", f"<p>见{link('/incidents/INC-9/', 'INC-9')}的</p>"),
        ("KB-1 INC-0 AINC-1x INC-1-2 `INC-1`", "<p>KB-1 INC-0 AINC-1x INC-1-2 <code>INC-1</code></p>"),
        ("[INC-1](http://x.example)", f"<p>{link('http://x.example', 'INC-1')}</p>"),
        ("go to https://x.example/a_b_c?d=1&e=2.", f"<p>go to {bare('https://x.example/a_b_c?d=1&amp;e=2')}.</p>"),
        ("(http://x.example) http://x.example/(a)", f"<p>({bare('http://x.example')}) {bare('http://x.example/(a)')}</p>"),
        ("http://x.example/INC-2", f"<p>{bare('http://x.example/INC-2')}</p>"),
        ("[](http://x.example)", f"<p>{bare('http://x.example')}</p>"),
        ("[mail](mailto:a@x.example)", f"<p>{link('mailto:a@x.example', 'mail')}</p>"),
        ("[call](tel:+4612)", f"<p>{link('tel:+4612', 'call')}</p>"),
        ("[there](wiki/page)", '<p><a rel="noopener noreferrer nofollow">there</a></p>'),
        ("![screen](http://x.example/a.png)", f"<p>{link('http://x.example/a.png', 'screen')}</p>"),
        ("![](/files/1/)", f"<p>{link('/files/1/', '/files/1/')}</p>"),
        ("[![i](http://i.example)](http://x.example)", f"<p>{link('http://x.example', 'i')}</p>"),
        ("# Big INC-1", f"<p><strong>Big {link('/incidents/INC-1/', 'INC-1')}</strong></p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_was_written_is_shown(text: str, html: str) -> None:
    assert render(text, record_url=record_url) == html


def test_headings_fit_under_the_pages_own() -> None:
    assert render("# A\n## B\n###### C", top_heading=3) == "<h3>A</h3>\n<h4>B</h4>\n<h6>C</h6>"
    assert render("# A", top_heading=1) == "<h2>A</h2>"


def test_without_records_numbers_stay_text() -> None:
    assert render("INC-1") == "<p>INC-1</p>"


def test_templates_print_it_as_it_is() -> None:
    html = render("**b**")
    assert isinstance(html, SafeHtml)
    assert Template("{{ html }}").render(Context({"html": html})) == "<p><strong>b</strong></p>"
    assert (
        Template("{{ html }}").render(Context({"html": html + "<b>"}))
        == "&lt;p&gt;&lt;strong&gt;b&lt;/strong&gt;&lt;/p&gt;&lt;b&gt;"
    )


def test_a_very_long_text_is_shown_as_it_is() -> None:
    html = render("<b>" + "x" * LONGEST)
    assert html.startswith("<pre>&lt;b&gt;xxx")
    assert re.findall(r"<[^>]*>", html) == ["<pre>", "</pre>"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece", ["[", "*a", "> ", "`", "![](", "|a|\n|-|\n", "_", "&", "http://a.example/(", "\\", "- "]
)
def test_no_repetition_hangs_the_page(piece: str) -> None:
    assert dangers(render((piece * 40_000)[:40_000], record_url=record_url)) == []
