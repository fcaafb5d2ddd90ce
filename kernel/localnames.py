"""Names that the organisation keeps in three languages as {en, sv, zh-hans} (ARCHITECTURE 13)."""

from collections.abc import Mapping

from django.utils.translation import get_language


def local_name(names: Mapping[str, str]) -> str:
    """The name in the reader's language, else English, else whatever there is."""
    language = (get_language() or "en").lower()
    for key in (language, language.split("-")[0], "en", *names):
        if names.get(key):
            return str(names[key])
    return ""
