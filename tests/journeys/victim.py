"""A program that makes one move or one load and is killed at a statement of its choice.

Run by `killing.py` as a process of its own: it starts Django once, then forks for every order, so
that each victim is a fresh process with connections of its own and nobody waits for imports.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings


def main() -> None:
    """Read orders from standard input, one JSON object on a line, and answer each with another."""
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from tests.journeys import acts

    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_carry_out(json.loads(line), acts.ACTS)), flush=True)


def _carry_out(order: dict[str, Any], acts: dict[str, Callable[..., None]]) -> dict[str, Any]:
    """Fork, let the child act, kill it by the clock if told so, and say what became of it."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        _live(order, acts[order["act"]], writable)
    os.close(writable)
    if order["seconds"] is not None:
        time.sleep(order["seconds"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(readable, "rb") as told:
        said = told.read().decode().splitlines()
    ending = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"ending": ending, "said": said}


def _live(order: dict[str, Any], act: Callable[..., None], told: int) -> None:
    """Act, report each statement once it is done, and die after the one that the order names.

    A report says whether the statement was inside a transaction, and how it begins.
    """
    from django.db import connection

    count = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        answer = execute(sql, params, many, context)
        count += 1
        if order["seconds"] is None:  # else nobody reads along, and a full pipe would stop us
            inside = "inside" if connection.in_atomic_block else "outside"
            os.write(told, f"{inside} {' '.join(sql.split())[:60]}\n".encode())
        if count == order["statement"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    ending = 1
    try:
        with connection.execute_wrapper(watch):
            act(**order["given"])
        ending = 0
    except BaseException as error:  # the parent fails the test with it
        os.write(told, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(ending)  # nothing of the parent's is tidied away here


if __name__ == "__main__":
    main()
