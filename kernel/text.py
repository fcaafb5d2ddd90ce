"""Text for searching: Chinese as overlapping pairs of characters, everything else left to PostgreSQL.

PostgreSQL's parsers see a Chinese sentence as one word. So the index also gets the pairs (网络打印: 网络 络打 打印) in
a `simple` vector, and a query asks for the same pairs side by side. Pure functions; the SQL belongs to the searcher.
"""

import re
import unicodedata
from typing import NamedTuple

from django.db import DataError

# Han with its extensions and compatibility forms, iteration marks, kana, bopomofo; Hangul separates words by spaces.
_CJK = "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(f"[{_CJK}]+")
_ASKED_RUN = re.compile(f'(?P<no>(?<!\\S)-)?"?(?P<run>[{_CJK}]+)"?')
_WORD = re.compile(r"[^\W\d_][\w'’-]{2,}")
_LONGEST_QUERY = 400
_LONGEST_COMPARED = 2000


class SearchQuery(NamedTuple):
    """The two halves of what was asked; a record must match each half that is not empty.

    `words` goes to `websearch_to_tsquery(config, …)` over the words, `pairs` to `to_tsquery('simple', …)` over bigrams.
    """

    words: str
    pairs: str


def bigrams(text: str) -> str:
    """The Chinese of a text as tokens separated by spaces: overlapping pairs, and the last character of each run alone.

    The last characters make a search for a single character find it anywhere, as the beginning of a token.
    """
    return " ".join(token for run in _RUN.findall(_normal(text)) for token in (*_pairs(run), run[-1]))


def without_cjk(text: str) -> str:
    """The text with a space for each run of Chinese: what the word indexes of other languages should see."""
    return " ".join(_RUN.sub(" ", _normal(text)).split())


def search_query(text: str) -> SearchQuery:
    """What was typed, for the two indexes. Never raises; both halves are empty when there is nothing to look for."""
    asked = _normal(text)[:_LONGEST_QUERY]
    pairs = [("!" if run["no"] else "") + _adjacent(run["run"]) for run in _ASKED_RUN.finditer(asked)]
    words = " ".join(_ASKED_RUN.sub(" ", asked).split())
    if all(word.casefold() == "or" for word in re.findall(r"\w+", words)):
        words = ""  # only operators and punctuation are left, which would match nothing
    return SearchQuery(words, " & ".join(pairs))


def similarity_words(text: str, *, most: int = 12) -> tuple[str, ...]:
    """The distinct words worth comparing by trigrams: three letters or more, the longest first, lower case."""
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(without_cjk(text[:_LONGEST_COMPARED])))
    return tuple(sorted(found, key=len, reverse=True)[:most])


def is_unstorable(fault: Exception) -> bool:
    """Whether the database was handed what no text in it can hold: NUL, or half of a surrogate pair."""
    if isinstance(fault, UnicodeEncodeError):
        return "surrogates" in fault.reason
    said = str(fault)
    return isinstance(fault, (ValueError, DataError)) and ("NUL (0x00)" in said or r"\u0000" in said)


def _normal(text: str) -> str:
    """Full-width letters as plain ones, composed accents; without the characters that PostgreSQL refuses."""
    return unicodedata.normalize("NFKC", text.replace("\0", " ").encode(errors="ignore").decode())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _adjacent(run: str) -> str:
    """Pairs that follow each other; a single character begins a token. Holds no operator that was typed."""
    pairs = _pairs(run)
    if not pairs:
        return f"{run}:*"
    return f"({' <-> '.join(pairs)})" if len(pairs) > 1 else pairs[0]
