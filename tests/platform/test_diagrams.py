"""The state diagrams in the documentation are those of the tables."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from itsm.management.commands import diagrams


def test_the_page_is_current() -> None:
    call_command("diagrams", "--check")


def test_a_page_that_is_not_current_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "states.md"
    old.write_text(diagrams.page() + "more")
    monkeypatch.setattr(diagrams, "PLACE", old)
    with pytest.raises(CommandError, match="not current"):
        call_command("diagrams", "--check")
