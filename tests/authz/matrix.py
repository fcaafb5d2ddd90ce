"""The reviewed table of expected answers: read, compared, and printed for review when rows are missing."""

import csv
from pathlib import Path

from tests.authz.principals import ALL

PLACE = Path(__file__).parent / "matrix.csv"
Key = tuple[str, str, str]
HEAD = ["route", "method", "relation", *ALL]


def load() -> dict[Key, dict[str, str]]:
    """Expected answers by (route, method, relation)."""
    with PLACE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = {(row["route"], row["method"], row["relation"]): {name: row[name] for name in ALL} for row in rows}
    assert len(table) == len(rows), "a row stands twice in matrix.csv"
    return table


def save(table: dict[Key, dict[str, str]]) -> None:
    """Write the table, sorted."""
    with PLACE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for key in sorted(table):
            writer.writerow([*key, *(table[key][name] for name in ALL)])
