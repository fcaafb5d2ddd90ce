"""Catalogues are compiled where Spindel runs, and checked to be complete."""

import ast
import gettext
import os
import re
from pathlib import Path

import pytest

from itsm import translations

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: sv\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
SOUND = 'msgid "One day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "En dag"\nmsgstr[1] "%(n)s dagar"\n'


def catalogue(root: Path, text: str) -> Path:
    path = root / "locale" / "sv" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + text)
    return path


def test_compiled_once_and_again_after_a_change(tmp_path: Path) -> None:
    path = catalogue(tmp_path, SOUND)
    assert translations.compile_changed(tmp_path) == [path]
    assert translations.compile_changed(tmp_path) == []
    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    assert translations.compile_changed(tmp_path) == [path]
    with path.with_suffix(".mo").open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)
    assert found.ngettext("One day", "%(n)s days", 3) == "%(n)s dagar"
    assert translations.faults(path) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('msgid "Resolve"\nmsgstr ""\n', "not translated: 'Resolve'"),
        ('#, fuzzy\nmsgid "Resolve"\nmsgstr "Stäng"\n', "still marked fuzzy: 'Resolve'"),
        (
            'msgid "One day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "En dag"\nmsgstr[1] ""\n',
            "not translated: ('One day', '%(n)s days')",
        ),
        (
            '#, python-format\nmsgid "%(name)s resolved it"\nmsgstr "%(namn)s löste det"\n',
            "unknown named placeholder 'namn'",
        ),
    ],
)
def test_what_keeps_a_catalogue_from_being_complete(text: str, fault: str, tmp_path: Path) -> None:
    (found,) = translations.faults(catalogue(tmp_path, text))
    assert fault in found


SOURCE = {
    "records/forms.py": (
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "_('Give a date, '\n  'or leave it empty.')\n"
        "ngettext('One day', '%(n)s days', n) % {'n': n}\n"
        "pgettext('noun', 'Open')\n"
        "_(label)\n"
    ),
    "templates/records/a.html": (
        "{% load i18n %}<p>don't {% translate 'Resolve' %} {{ _('Reopen') }}\n"
        "{% blocktranslate trimmed with n=number %}\n  {{ n }} is open\n{% endblocktranslate %}"
        "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
        '{% translate "Open" context "verb" %}'
    ),
    "tests/test_a.py": "_('Not ours')\n",
}
MESSAGES = {
    ("Give a date, or leave it empty.", None),
    (("One day", "%(n)s days"), None),
    ("Open", "noun"),
    ("Resolve", None),
    ("Reopen", None),
    ("%(n)s is open", None),
    (("%(n)s row", "%(n)s rows"), None),
    ("Open", "verb"),
}


def write_source(root: Path) -> None:
    for name, text in SOURCE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_messages_are_found_in_code_and_templates(tmp_path: Path) -> None:
    write_source(tmp_path)
    assert {
        (message.id, message.context) for message in translations.source_messages(tmp_path) if message.id
    } == MESSAGES


def test_update_keeps_what_is_translated_and_drops_what_is_gone(tmp_path: Path) -> None:
    write_source(tmp_path)
    path = catalogue(tmp_path, 'msgid "Resolve"\nmsgstr "Lös"\n\nmsgid "Gone"\nmsgstr "Borta"\n')
    template = translations.source_messages(tmp_path)
    assert any("misses 'Reopen'" in line for line in translations.faults(path, template))
    assert [path.parent.parent.name for path in translations.update(tmp_path)] == ["sv", "zh_Hans"]
    known = translations.read(path)
    assert known.get("Resolve").string == "Lös"  # type: ignore[union-attr]  # it is there
    assert known.get("Gone") is None
    assert len(translations.faults(path, template)) == len(MESSAGES) - 1


def test_every_language_of_ours_is_complete() -> None:
    template = translations.source_messages()
    assert [line for path in translations.catalogues() for line in translations.faults(path, template)] == []


def ours() -> list[Path]:
    return [path for path in Path().rglob("*.py") if not translations.NOT_OURS & set(path.parts)]


def test_every_name_for_marking_messages_is_known() -> None:
    """`gettext_lazy as lazy` once hid what steps say from the translators."""
    imported = re.compile(r"^from django\.utils\.translation import (?:\w+ as )?(\w+)$", re.MULTILINE)
    named = {name for path in ours() for name in imported.findall(path.read_text())}
    assert {"_", "lazy"} <= named
    assert named - set(translations.KEYWORDS) - {"override", "get_language", "activate"} == set()


def hidden(source: str) -> list[int]:
    """Lines where a message is marked within an f-string, where Python 3.11 shows it to nobody."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [each for node in strings for each in ast.walk(node) if isinstance(each, ast.Call)]
    marking = [each for each in calls if getattr(each.func, "id", "") in translations.KEYWORDS]
    return [each.lineno for each in marking if each.args and isinstance(each.args[0], ast.Constant)]


def test_no_message_hides_in_an_f_string() -> None:
    assert {str(path): hidden(path.read_text()) for path in ours() if hidden(path.read_text())} == {}
    assert hidden("said = f'{number}: {_(label)}'\nsaid = f'{number}: {_(\"Resolve\")}'") == [2]
