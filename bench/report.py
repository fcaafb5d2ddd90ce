"""Figures as a table beside the budgets; docs/performance.md."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Figure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
HEAD = """# Performance

Measured by `make bench`: Spindel as `make run` starts it (2 gunicorn workers with 4 threads, worker, engine, embedded
PostgreSQL and Valkey), one process a client on one keep-alive connection, every answer checked, people and records
rotated. Statements are counted by pg_stat_statements while engine and worker stand still; BEGIN, COMMIT and the audit's
set_config do not count, savepoints do. Times are milliseconds at the client.

Budgets are those for 100,000 records. "Best peer" is the best p50 (statements) of Request Tracker 5.0.3, Redmine 5.0.4
and django-helpdesk 2.6.1 at 100,000 tickets, measured at another time with the same method: a closed loop on loopback
with checked answers, 2 web workers. They were not measured beside Spindel in this run, so the columns compare orders of
magnitude only: on the same machine the same work differed by half from minute to minute. A page of Spindel does more
(reasons of the rank, clocks); a call logged writes clocks, work item, chain of events and audit, which no peer does.
"""


def write(sizes: dict[int, list[Figure]], notes: dict[int, dict[str, object]]) -> str:
    """Write the page; returns it."""
    text = "\n".join([HEAD, *_about(), *(line for size in sizes for line in _table(size, sizes[size], notes[size]))])
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text + "\n")
    return text


def _about() -> list[str]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    memory = next(int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines()) // 1024**2
    return [
        f"- **When:** {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit.strip()}",
        f"- **Machine:** {os.cpu_count()} × {model}, {memory} GiB, {platform.system()} {platform.release()}, "
        f"CPython {platform.python_version()}",
        "- **Command:** `make bench`",
        "",
    ]


def _table(size: int, figures: list[Figure], notes: dict[str, object]) -> list[str]:
    lines = [f"## {size:,} records", "", *(f"- {name}: {value}" for name, value in notes.items()), ""]
    lines += [
        "| work | p50 | p95 | per second | statements | budget p50 / p95 (statements) | within | best peer |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return [*lines, *(_line(figure) for figure in figures), ""]


def _line(figure: Figure) -> str:
    row = figure.row
    budget = f"{row.budget[0]} / {row.budget[1]} ({row.statements})"
    if not figure.count:
        return f"| {row.label} | not measured: {figure.fault} | | | | {budget} | – | {row.peer} |"
    is_fast = figure.p50 <= row.budget[0] and figure.p95 <= row.budget[1]
    is_lean = figure.statements is None or figure.statements <= row.statements
    verdict = (
        "yes"
        if is_fast and is_lean
        else ", ".join(word for word, is_kept in (("time", is_fast), ("statements", is_lean)) if not is_kept) + " over"
    )
    counted = "–" if figure.statements is None else str(figure.statements)
    return (f"| {row.label} | {figure.p50:.1f} | {figure.p95:.1f} | {figure.per_second:.0f} | {counted} | {budget} | "
            f"{verdict} | {row.peer} |")  # fmt: skip
