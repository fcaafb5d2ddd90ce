"""The encodings in which Excel and its kin save CSV: Unicode, else Chinese or Western by what the bytes look like."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")


def decoded(content: bytes) -> tuple[str, str]:
    """The text without null characters, and the name of the encoding it was read in; every content has one."""
    text, name = _decoded(content)
    return text.replace("\0", ""), name


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace"), name
    if wide := _wide_without_mark(content):
        return content.decode(wide, errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    if _looks_chinese(content):
        try:
            return content.decode("gb18030"), "GB18030"
        except UnicodeDecodeError:
            pass
    return content.decode("cp1252", errors="replace"), "Windows-1252"


def _wide_without_mark(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of a header in Latin letters is null."""
    sample = content[:200]
    if sample.count(0) * 3 < len(sample) or not sample:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _looks_chinese(content: bytes) -> bool:
    """Common Chinese characters are two high bytes each; a Swedish or German letter is one, mostly among plain ones.

    Nearly every Swedish text is also well-formed GB18030, so trying alone cannot tell.
    """
    runs = [len(run) for run in _HIGH.findall(content[:65_536])]
    return 2 * sum(length % 2 == 0 for length in runs) > len(runs)
