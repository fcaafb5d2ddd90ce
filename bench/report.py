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
rotated, the first answers of each row left out. Statements are counted by pg_stat_statements while engine and worker
stand still; BEGIN, COMMIT, triggers and the audit's set_config do not count, savepoints do, and so does the one by
which each request makes sure of its connection. Times are milliseconds at the client. "web CPU" is the processor time
in ms that the web processes used for one, the median of fifteen; others at work lengthen it less than they lengthen the
time. "load" is the load average of the machine while a row was measured: above 2, others were at work on its two cores,
and the times are theirs as much as Spindel's.

Budgets are those for 100,000 records. "Best peer" is the best p50 (statements) of Request Tracker 5.0.3, Redmine 5.0.4
and django-helpdesk 2.6.1 at 100,000 tickets, measured at another time with the same method: a closed loop on loopback
with checked answers, 2 web workers. They were not measured beside Spindel in this run, so the columns compare orders of
magnitude only: on the same machine the same work differed by half from minute to minute. A page of Spindel does more
(reasons of the rank, clocks); a call logged writes clocks, work item, chain of events and audit, which no peer does.

One million records were loaded once on this machine on 2026-11-22, at the lowest priority beside a load average of 5 to
14: 1,909 seconds, 26,500 rows a second, 19 GB. Reading it beside a load average of 12 to 16, web CPU (statements):
queue page 44 (9), queue through the API 33 (6), incidents through the API 32 (4), search 25 (6), record page with 10
comments 37 (10), created through the API 22 (19): the same as at 1,000 and 100,000 records.
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
        "- **Command:** `make bench`, which loads each size with `manage.py demo --scale` (seeds 2018 and 1177)",
        "",
    ]


def _table(size: int, figures: list[Figure], notes: dict[str, object]) -> list[str]:
    lines = [f"## {size:,} records", "", *(f"- {name}: {value}" for name, value in notes.items()), ""]
    lines += [
        "| work | p50 | p95 | p99 | per second | errors | bytes | statements | web CPU | load "
        "| budget p50 / p95 (statements) | within | best peer |",
        "|---" * 13 + "|",
    ]
    return [*lines, *(_line(figure) for figure in figures), "", *_short(figures)]


def _line(figure: Figure) -> str:
    row = figure.row
    budget = f"{row.budget[0]} / {row.budget[1]} ({row.statements})"
    if not figure.count:
        return f"| {row.label} | none | | | | {figure.errors} | | | | {figure.load} | {budget} | – | {row.peer} |"
    counted = "–" if figure.statements is None else str(figure.statements)
    used = "–" if figure.processor is None else f"{figure.processor:.1f}"
    cells = [
        row.label, f"{figure.p50:.1f}", f"{figure.p95:.1f}", f"{figure.p99:.1f}", f"{figure.per_second:.0f}",
        str(figure.errors), f"{figure.size:,}", counted, used, figure.load, budget, _verdict(figure), row.peer,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _verdict(figure: Figure) -> str:
    over = [word for word, is_over in (("time", not _is_fast(figure)), ("statements", not _is_lean(figure))) if is_over]
    return "yes" if not over else f"{' and '.join(over)} over"


def _is_fast(figure: Figure) -> bool:
    return figure.p50 <= figure.row.budget[0] and figure.p95 <= figure.row.budget[1]


def _is_lean(figure: Figure) -> bool:
    return figure.statements is None or figure.statements <= figure.row.statements


def _short(figures: list[Figure]) -> list[str]:
    """What falls short, named as such."""
    slow = [f"{each.row.label} ({each.p50:.0f} for {each.row.budget[0]})" for each in figures
            if each.count and not _is_fast(each)]  # fmt: skip
    many = [f"{each.row.label} ({each.statements} for {each.row.statements})" for each in figures if not _is_lean(each)]
    faults = [f"- {each.row.label}: {each.fault}" for each in figures if each.fault]
    told = [f"**Over the time budget:** {'; '.join(slow)}." if slow else "All within the time budgets.", ""]
    told += [f"**Over the budget of statements:** {'; '.join(many)}."] if many else ["All within those of statements."]
    return [*told, "", *(["Faults seen by the client:", "", *faults, ""] if faults else [])]
