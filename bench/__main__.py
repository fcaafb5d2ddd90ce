"""`python -m bench [SIZE …] [--only CODE …] [--port N]`: load each size once, measure every row, write the page."""

import argparse
import sys

from bench import report
from bench.measure import Figure, load, measure
from bench.operations import ROWS
from bench.server import Server

SIZES = (1_000, 100_000)


def main() -> None:
    """Sizes one after the other, each with fresh processes."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--port", type=int, default=8470)
    given = parser.parse_args()
    rows = [row for row in ROWS if not given.only or row.code in given.only]
    sizes: dict[int, list[Figure]] = {}
    notes: dict[int, dict[str, object]] = {}
    for size in given.sizes:
        server = Server(size, given.port)
        server.load()
        try:
            seconds = server.start()
            before, sizes[size] = load(), []
            for row in rows:
                figure = measure(server, row)
                sizes[size].append(figure)
                say(line(size, figure))
            memory = server.memory()
            notes[size] = {
                "loaded in": f"{server.made['load_seconds']} s", "ready after": f"{seconds:.1f} s",
                "memory (PSS, MB)": ", ".join(f"{name} {mb}" for name, mb in memory.items())
                + f"; {sum(memory.values())} of 450",
                "load average of the machine before and after": f"{before}, {load()}",
            }  # fmt: skip
        finally:
            server.stop()
    if not given.only:
        report.write(sizes, notes)
        say(f"Written: {report.PAGE}")


def line(size: int, figure: Figure) -> str:
    """A row as it is printed while the next is measured."""
    times = f"{figure.p50:8.1f} {figure.p95:8.1f} {figure.p99:8.1f} {figure.errors:>3} {figure.size:>8}"
    costs = f"{figure.statements or '':>4} {figure.processor or 0:6.1f} {figure.load:>5}"
    return f"{size:>9} {figure.row.label:52} {times} {costs} {figure.fault}"


def say(text: str) -> None:
    """A line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
