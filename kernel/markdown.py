"""Markdown that people and machines send in, as HTML that is safe to show. The only way from user text to HTML.

Two walls: markdown-it with raw HTML switched off, then nh3 with a short list of elements. Nothing else may call a text
safe. Remote images are not shown (they would tell a stranger who reads); an image becomes a link.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import Self

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

RecordUrl = Callable[[str], str | None]
"""The address of a record number such as "INC-2400", or None when it is not to be a link."""

LONGEST = 100_000  # characters; longer texts are shown as they are

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
    | {"table", "tbody", "td", "th", "thead", "tr", "h2", "h3", "h4", "h5", "h6"}
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    url_relative=lambda url: url if url.startswith(("/", "#", "?")) else None,  # nobody knows the page it is shown on
    link_rel="noopener noreferrer nofollow",
    clean_content_tags={"script", "style"},
)
_LINKABLE = re.compile(
    r"(?P<url>https?://[^\s<>\"“”、，。；：！？（）《》]+)"
    r"|(?<![A-Za-z0-9_-])(?P<number>[A-Z]{2,5}-[1-9][0-9]{0,9})(?![A-Za-z0-9_-])"
)


class SafeHtml(str):
    """HTML that has passed the allow list; templates print it as it is because of `__html__`."""

    __slots__ = ()

    def __html__(self) -> Self:
        """Itself: what templates ask for to know that nothing is left to escape."""
        return self


def render(text: str, *, record_url: RecordUrl | None = None, top_heading: int | None = None) -> SafeHtml:
    """Safe HTML of a Markdown text. Bare addresses and, through `record_url`, record numbers become links.

    Headings begin at level `top_heading` (2 to 6), so that they fit under the page's own; None, for comments and
    descriptions, makes them bold paragraphs, so that no writer can change the outline of a page.
    """
    text = text.replace("\0", "\ufffd")
    if len(text) > LONGEST:
        return SafeHtml(f"<pre>{html.escape(text)}</pre>")
    environment = {"record_url": record_url, "top_heading": top_heading}
    return SafeHtml(_CLEANER.clean(_MARKDOWN.render(text, environment)).strip())


def _link_text(state: StateCore) -> None:
    """Turn images, addresses and record numbers in running text into links, but not inside links and code."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_linked(block.children, state.env["record_url"]))


def _linked(tokens: list[Token], record_url: RecordUrl | None) -> Iterator[Token]:
    href, empty = "", False
    for token in tokens:
        if token.type == "link_close" and empty:
            yield _text(href)  # a link without words could be neither seen nor heard
        if token.type in {"link_open", "link_close"}:
            href, empty = str(token.attrs.get("href", "")), token.nesting == 1
            yield token
            continue
        empty = False
        if token.type == "image":
            yield from [_text(token.content)] if href else _link(str(token.attrs["src"]), token.content)
        elif token.type == "text" and not href:
            yield from _linkable(token.content, record_url)
        else:
            yield token


def _linkable(content: str, record_url: RecordUrl | None) -> Iterator[Token]:
    done = 0
    for match in _LINKABLE.finditer(content):
        label, href = _target(match, record_url)
        if href is not None:
            yield _text(content[done : match.start()])
            yield from _link(href, label)
            done = match.start() + len(label)
    yield _text(content[done:])


def _link(href: str, label: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": href}), _text(label or href), Token("link_close", "a", -1)]


def _target(match: re.Match[str], record_url: RecordUrl | None) -> tuple[str, str | None]:
    if number := match["number"]:
        return number, record_url(number) if record_url else None
    url = match["url"].rstrip(".,;:!?'*_~")
    if url.endswith(")") and "(" not in url:
        url = url.rstrip(")")
    return url, url


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _fit_headings(state: StateCore) -> None:
    """Shift headings under the page's own, or make bold paragraphs of them."""
    top = state.env["top_heading"]
    for before, token in zip([None, *state.tokens], state.tokens, strict=False):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, max(2, top) + int(token.tag[1]) - 1)}" if top else "p"
        elif not top and before is not None and before.type == "heading_open" and token.children:
            token.children = [Token("strong_open", "strong", 1), *token.children, Token("strong_close", "strong", -1)]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.disable(["html_block", "html_inline", "lheading"])  # a line of dashes under a pasted line is no heading
    for rule in (_link_text, _fit_headings):
        parser.core.ruler.push(rule.__name__, rule)
    return parser


_MARKDOWN = _parser()
