"""Run a benchmark: `python -m tests.benchmarks csv --rows 100000 [--json]`."""

from __future__ import annotations

import argparse
import os

from tests.benchmarks import derivations, exports, imports, pages, visits

RUNS = {
    "csv": exports.run,
    "import": imports.run,
    "listing": pages.run,
    "pages": visits.run,
    "rederive": derivations.run,
}


def main() -> None:
    """Read the command line and run one benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", choices=sorted(RUNS))
    parser.add_argument(
        "--rows", type=int, default=20_000, help="findings, or studies, in the database"
    )
    parser.add_argument("--repeats", type=int, default=7, help="runs, of which the median counts")
    parser.add_argument("--json", action="store_true", help="print one JSON object, last")
    parser.add_argument(
        "--database-url", default="", help="an empty database to fill, such as postgres://…"
    )
    options = parser.parse_args()
    if options.database_url:
        os.environ["IL2TRACKER_BENCHMARK_DATABASE"] = options.database_url
    RUNS[options.name](rows=options.rows, repeats=options.repeats, as_json=options.json)


if __name__ == "__main__":
    main()
