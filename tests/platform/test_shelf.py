"""Migrated clusters are reused only where every migration that made them is still there unchanged."""

from pathlib import Path

from itsm.shelf import KEPT, Shelf

FIRST = {"a/migrations/0001.py": "one", "initdb": "x"}
SECOND = {**FIRST, "a/migrations/0002.py": "two"}


def run(shelf: Shelf, test_data: Path, *, made: bool) -> str:
    """What a test run finds on the shelf, leaving its own cluster there if it made a template."""
    shelf.bring(test_data)
    cluster = test_data / "embedded" / "postgres"
    found = (cluster / "made-by").read_text() if cluster.exists() else ""
    found += " behind" if (test_data / "template-behind").exists() else ""
    if made:
        cluster.mkdir(parents=True, exist_ok=True)
        (cluster / "made-by").write_text(f"{len(shelf.wanted)}")
        (test_data / "template-made").touch()
    shelf.keep(test_data)
    return found


def test_kept_reused_advanced_and_never_misused(tmp_path: Path) -> None:
    place = tmp_path / "shelf"
    place.mkdir()
    assert run(Shelf(place, FIRST), tmp_path / "1", made=True) == ""
    assert run(Shelf(place, FIRST), tmp_path / "2", made=False) == "2"
    assert run(Shelf(place, SECOND), tmp_path / "3", made=True) == "2 behind"
    assert run(Shelf(place, SECOND), tmp_path / "4", made=False) == "3"
    edited = {**FIRST, "a/migrations/0001.py": "edited"}
    assert run(Shelf(place, edited), tmp_path / "5", made=False) == ""
    other_packages = {**SECOND, "initdb": "y"}
    assert run(Shelf(place, other_packages), tmp_path / "6", made=False) == ""


def test_run_without_a_template_keeps_nothing(tmp_path: Path) -> None:
    place = tmp_path / "shelf"
    place.mkdir()
    (tmp_path / "1").mkdir()
    assert run(Shelf(place, FIRST), tmp_path / "1", made=False) == ""
    assert list(place.iterdir()) == []


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "shelf"
    place.mkdir()
    for number in range(KEPT + 3):
        run(Shelf(place, {"initdb": str(number)}), tmp_path / str(number), made=True)
    assert len(list(place.glob("*.json"))) == KEPT
    assert len([path for path in place.iterdir() if path.is_dir()]) == KEPT
