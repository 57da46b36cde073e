"""The command writes what the address gives, byte for byte, and refuses what it refuses."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from evidence.catalogue import CATALOGUE
from tests.web import examples

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


class Pipe(io.TextIOWrapper):
    """Standard output as a program has it: text with bytes beneath."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii")


def exported(listing: str, **options: str) -> bytes:
    pipe = Pipe()
    call_command("export_listing", listing, stdout=pipe, **options)
    pipe.flush()
    return pipe.buffer.getvalue()


def downloaded(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.fixture(autouse=True)
def _world() -> None:
    examples.world()
    examples.publication(pmid=3, title="=SUM(1) of “β”, 試験")


@pytest.mark.parametrize("listing", CATALOGUE)
def test_it_writes_the_same_bytes_as_the_address(client: Client, listing: str) -> None:
    for query in ("", "q=il-2&sort=-url".replace("-url", CATALOGUE[listing].order), "raw=1"):
        assert exported(listing, query=query) == downloaded(client, f"/{listing}.csv?{query}")
    assert exported(listing, query="?raw=1") == exported(listing, query="raw=1")


def test_filters_narrow_it_and_a_file_holds_the_same(client: Client, tmp_path: Path) -> None:
    for query in ("status=variable", "status=experimental"):
        file = tmp_path / "evidence.csv"
        assert exported("evidence", query=query, output=str(file)) == b""
        assert file.read_bytes() == downloaded(client, f"/evidence.csv?{query}")
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.csv"]


def test_text_output_without_bytes_beneath_takes_it_too(client: Client) -> None:
    out = io.StringIO(newline="")
    call_command("export_listing", "publications", stdout=out)
    assert out.getvalue().encode() == downloaded(client, "/publications.csv")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("conditoin=hiv-infection", "“conditoin”"),
        ("status=unknown", "status: “unknown” is not a known status"),
        ("year_min=abc", "year_min"),
        ("page=2", "page"),
        ("size=50", "size"),
        ("sort=nothing&raw=2", "raw is 1"),
        ("q=%00", "NUL"),
        ("q=%ff", "UTF-8"),
    ],
)
def test_a_bad_query_is_refused_with_sentences_and_exit_code_2(
    client: Client, tmp_path: Path, query: str, said: str
) -> None:
    file = tmp_path / "evidence.csv"
    with pytest.raises(CommandError, match=said) as refusal:
        call_command("export_listing", "evidence", query=query, output=file)
    assert refusal.value.returncode == 2
    assert not file.exists()
    assert client.get(f"/evidence.csv?{query}").status_code == 400


def test_a_query_or_a_file_that_was_not_typed_as_utf8_is_said() -> None:
    for typed in ({"query": "q=\udcff"}, {"output": "\udcff"}):
        with pytest.raises(CommandError, match="is not valid UTF-8"):
            call_command("export_listing", "evidence", **typed)


def test_an_unknown_listing_is_named_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"“evidnce”\. Known: evidence, findings") as refusal:
        call_command("export_listing", "evidnce")
    assert refusal.value.returncode == 2


@pytest.fixture
def scratch(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty, migrated SQLite file."""
    env = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path}/scratch.sqlite3",
        "IL2TRACKER_DATA_DIR": str(tmp_path),
        "IL2TRACKER_ENV_FILE": "",
        "SECRET_KEY": "x" * 50,
    }
    manage(env, "migrate", "-v0")
    return env


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)


def test_as_a_program_it_prints_rows_alone_and_faults_to_standard_error(
    scratch: dict[str, str],
) -> None:
    good = manage(scratch, "export_listing", "adverse-effects")
    header = ",".join(column.key for column in CATALOGUE["adverse-effects"].columns)
    assert good.stdout == f"{header}\r\n".encode()
    assert (good.stderr, good.returncode) == (b"", 0)
    bad = manage(scratch, "export_listing", "evidence", "--query", "conditoin=x&sort=-")
    assert bad.returncode == 2
    assert bad.stdout == b""
    assert "Did you mean condition?" in bad.stderr.decode()
    assert b"Traceback" not in bad.stderr


def test_a_pipe_is_written_to_and_not_replaced(client: Client, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    call_command("export_listing", "conditions", output=pipe)
    reader.join(10)
    assert pipe.is_fifo()
    assert read == [b"".join(client.get("/conditions.csv").streaming_content)]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_listing", "conditions", output=tmp_path)
    with pytest.raises(CommandError, match="The name of the file is empty"):
        call_command("export_listing", "conditions", output="")
    assert not list(tmp_path.iterdir())
