#!/usr/bin/env python3
"""Run a management command of il2tracker."""

import os
import sys


def main() -> None:
    """Point Django at the settings and hand it the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "il2tracker.settings")
    from django.core.management import execute_from_command_line

    from il2tracker import json_log

    # A command's standard output is its result (a CSV, a table); its log goes to standard error.
    json_log.stream = "ext://sys.stderr"
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
