"""A text cell of a CSV file must never become a formula in somebody's spreadsheet (RELIABILITY 5.3, ASVS 1.2.10).

The beginning of the text is not enough. A spreadsheet set to another separator (a Swedish Excel splits at `;`) cuts the
line elsewhere and loses the quotes, so a cell may begin after any separator or line break within the text.
"""

import re

TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠")  # the wide forms count as well in East Asian settings

_FORMULA = r"(?='*[=+\-@＝＋－＠])"
_RISK = re.compile(rf"\A(?='*[\t\r\n])|(?:\A|[,;|\t\r\n])\"*{_FORMULA}")
_GUARDED = re.compile(rf"(\A)'(?='*[\t\r\n])|(\A\"*|[,;|\t\r\n]\"*)'{_FORMULA}")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet might calculate. `unguarded` gives back the same text."""
    return _RISK.sub(r"\g<0>'", text)


def unguarded(text: str) -> str:
    """The text without the apostrophes that `guarded` put there."""
    return _GUARDED.sub(lambda found: found[1] or found[2] or "", text)
