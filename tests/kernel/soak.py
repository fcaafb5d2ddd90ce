"""The engine against the oracle for as long as you like: `python -m tests.kernel.soak [CASES] [SEED] [--all-zones]`."""

import argparse
import sys
import time
from datetime import UTC, datetime
from random import Random

from kernel.zones import month_of, month_spans, to_datetime, to_instant, zone_names
from tests.kernel import oracle
from tests.kernel.engines import calendar_of, due
from tests.kernel.oracle import TURNS, Case, random_case


def turns_of_all_zones(first_year: int, last_year: int) -> list[tuple[str, str]]:
    """Every change of offset of every zone in these years."""
    months = [
        month_of(to_instant(datetime(first_year + m // 12, m % 12 + 1, 1, tzinfo=UTC)))
        for m in range(12 * (last_year - first_year + 1))
    ]
    return [
        (name, to_datetime(span.start).strftime("%Y-%m-%dT%H:%M"))
        for name in sorted(zone_names())
        for month in months
        for span in month_spans(name, month)[1:]
    ]


def wrong(case: Case) -> str | None:
    """What the engine gets wrong in this case, if anything."""
    found, true = due(case), oracle.due(case)
    if found != true:
        return f"due {found}, should be {true}: {case}"
    calendar = calendar_of(case)
    target = case.amount
    part = target / 3
    if calendar.add(calendar.add(case.start, part), target - part) != calendar.add(case.start, target):
        return f"not additive: {case}"
    return None


def main() -> int:
    """Run the cases, say what was wrong, exit 1 if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=int, nargs="?", default=20_000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--all-zones", action="store_true", help="every change of offset of every zone, 2005 to 2027")
    options = parser.parse_args()
    turns = turns_of_all_zones(2005, 2027) if options.all_zones else TURNS
    rng, began, failures = Random(options.seed), time.monotonic(), 0
    for _ in range(options.cases):
        if problem := wrong(random_case(rng, turns)):
            failures += 1
            sys.stdout.write(problem + "\n")
    spent = time.monotonic() - began
    sys.stdout.write(
        f"{options.cases} cases, seed {options.seed}, {len({name for name, _ in turns})} zones, "
        f"{len(turns)} changes of offset: {failures} wrong, {spent:.0f} s\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
