"""The settings: documented, safe by default, and strict in production."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from il2tracker import secret_key

ROOT = Path(__file__).parents[2]
PUBLIC = {
    "IL2TRACKER_PRODUCTION": "1",
    "IL2TRACKER_BASE_URL": "https://il2.example.org",
    "IL2TRACKER_CONTACT": "mailto:curators@example.org",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789ABCDEFGHIJ",
}


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = {"IL2TRACKER_ENV_FILE": "", "IL2TRACKER_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | told | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(folder: Path, expression: str, **environment: str) -> str:
    answer = run(
        folder, "-c", f"from il2tracker.settings import *; print({expression})", **environment
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def names_read() -> set[str]:
    """Every name that settings.py and gunicorn.py read from the environment."""
    names = set()
    for file in ("settings.py", "gunicorn.py"):
        for node in ast.walk(ast.parse((ROOT / "il2tracker" / file).read_text())):
            if isinstance(node, ast.Call) and re.fullmatch(
                r"env\.\w+|os\.environ\.get", ast.unparse(node.func)
            ):
                (name, *_) = node.args
                assert isinstance(name, ast.Constant), ast.unparse(node)
                names.add(name.value)
    return names


def test_every_setting_is_explained_in_the_example_file_and_no_other():
    text = (ROOT / ".env.example").read_text()
    assert names_read() == set(re.findall(r"^#?([A-Z0-9_]+)=", text, re.M))
    for paragraph in re.split(r"\n\n+", text):
        if named := re.search(r"^#?[A-Z0-9_]+=", paragraph, re.M):
            assert re.search(r"^# \S.*", paragraph[: named.start()], re.M), paragraph


def test_every_example_value_is_the_default_or_harmless(tmp_path: Path):
    example = tmp_path / "env"
    lines = (ROOT / ".env.example").read_text().splitlines()
    example.write_text("\n".join(line.lstrip("#") for line in lines if re.match(r"#[A-Z]", line)))
    data = ask(
        tmp_path,
        "PRODUCTION, DEBUG, ALLOWED_HOSTS[0], DATABASES['default']['ENGINE'][-7:]",
        IL2TRACKER_ENV_FILE=str(example),
    )
    assert data == "False False 127.0.0.1 sqlite3"


def test_a_checkout_makes_its_secret_key_once_and_for_its_owner_alone(tmp_path: Path):
    first, second = (ask(tmp_path, "SECRET_KEY") for _ in range(2))
    assert first == second
    assert len(first) > 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_key_from_the_environment_leaves_no_file(tmp_path: Path):
    assert ask(tmp_path, "SECRET_KEY", SECRET_KEY="mine") == "mine"
    assert not (tmp_path / "secret-key").exists()


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path):
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(lambda _: secret_key.kept_in(tmp_path / "new" / "key"), range(64)))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["key"]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "IL2TRACKER_BASE_URL"])
def test_production_refuses_to_start_without(tmp_path: Path, missing: str):
    environment = {name: value for name, value in PUBLIC.items() if name != missing}
    answer = run(tmp_path, "manage.py", "check", **environment)
    assert answer.returncode != 0
    assert f"IL2TRACKER_PRODUCTION is set, so {missing} must be set too" in answer.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "abc"}, "PORT is “abc”: give a whole number from 1 to 65535."),
        ({"PORT": "99999999"}, "give a whole number from 1 to 65535"),
        ({"DATABASE_URL": "junk"}, "DATABASE_URL is not the address of a database"),
        ({"IL2TRACKER_SIGN_IN_FAILURES": "0"}, "IL2TRACKER_SIGN_IN_FAILURES is “0”"),
        ({"IL2TRACKER_SESSION_HOURS": "-8"}, "IL2TRACKER_SESSION_HOURS is “-8”"),
        ({"IL2TRACKER_SIGN_IN_WAIT": "long"}, "IL2TRACKER_SIGN_IN_WAIT is “long”"),
        ({"IL2TRACKER_CTGOV_URL": "http://registry.example/api"}, "give an https address"),
        ({"IL2TRACKER_PUBMED_URL": "https://"}, "IL2TRACKER_PUBMED_URL is “https://”"),
        ({"IL2TRACKER_CROSSREF_URL": "https://x.example:port"}, "give an https address"),
    ],
)
def test_a_setting_that_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, environment: dict[str, str], sentence: str
):
    answer = run(tmp_path, "manage.py", "check", **environment)
    assert answer.returncode != 0
    assert sentence in answer.stderr.splitlines()[-1]


def test_production_and_debug_exclude_each_other(tmp_path: Path):
    answer = run(tmp_path, "manage.py", "check", **PUBLIC, DEBUG="1")
    assert answer.returncode != 0
    assert "are both set" in answer.stderr


def test_the_documented_production_settings_pass_every_deployment_check(tmp_path: Path):
    answer = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert answer.returncode == 0, answer.stderr
    assert "(0 silenced)" in answer.stdout + answer.stderr


def test_a_public_site_without_contact_or_https_address_is_warned(tmp_path: Path):
    environment = PUBLIC | {"IL2TRACKER_CONTACT": "", "IL2TRACKER_BASE_URL": "http://il2.example"}
    answer = run(tmp_path, "manage.py", "check", "--deploy", **environment)
    assert "evidence.W001" in answer.stderr
    assert "evidence.W002" in answer.stderr


def test_the_site_answers_to_the_host_of_its_address_and_to_no_other(tmp_path: Path):
    assert ask(tmp_path, "ALLOWED_HOSTS", **PUBLIC) == "['il2.example.org']"
    assert ask(tmp_path, "ALLOWED_HOSTS", **PUBLIC, ALLOWED_HOSTS="a.example") == "['a.example']"


def test_a_second_factor_is_asked_for_in_production_unless_told_otherwise(tmp_path: Path):
    name = "IL2TRACKER_SECOND_FACTOR"
    assert ask(tmp_path, name) == "False"
    assert ask(tmp_path, name, **PUBLIC) == "True"
    assert ask(tmp_path, name, **PUBLIC, **{name: "0"}) == "False"
    assert ask(tmp_path, name, **{name: "1"}) == "True"


def test_sessions_and_locks_follow_their_settings(tmp_path: Path):
    expression = "SESSION_COOKIE_AGE, AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME.total_seconds()"
    assert ask(tmp_path, expression) == "28800 5 900.0"
    told = {
        "IL2TRACKER_SESSION_HOURS": "2",
        "IL2TRACKER_SIGN_IN_FAILURES": "3",
        "IL2TRACKER_SIGN_IN_WAIT": "60",
    }
    assert ask(tmp_path, expression, **told) == "7200 3 3600.0"


def test_links_follow_the_port_until_an_address_is_set(tmp_path: Path):
    assert ask(tmp_path, "IL2TRACKER_BASE_URL", PORT="8123") == "http://127.0.0.1:8123"
    address = {"IL2TRACKER_BASE_URL": "https://il2.example.org/"}
    assert ask(tmp_path, "IL2TRACKER_BASE_URL", **address) == "https://il2.example.org"


@pytest.mark.parametrize("url", ["", "sqlite:////{folder}/other.sqlite3"])
def test_every_sqlite_file_waits_for_its_turn_and_survives_a_power_cut(tmp_path: Path, url: str):
    code = """
import django; django.setup()
from django.db import connection, transaction
def pragma(name):
    return connection.cursor().execute(f"PRAGMA {name}").fetchone()[0]
print([pragma(name) for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")])
print(connection.transaction_mode, connection.settings_dict["NAME"])
"""
    answer = run(
        tmp_path,
        "-c",
        code,
        DJANGO_SETTINGS_MODULE="il2tracker.settings",
        DATABASE_URL=url.format(folder=str(tmp_path).lstrip("/")),
    )
    assert answer.returncode == 0, answer.stderr
    assert "['wal', 2, 20000, 1]" in answer.stdout
    name = "other" if url else "il2tracker"
    assert f"IMMEDIATE {tmp_path}/{name}.sqlite3" in answer.stdout


def test_postgresql_connections_are_asked_whether_they_still_live(postgres: None):
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]


def test_the_log_level_can_be_set(tmp_path: Path):
    level = ask(tmp_path, "LOGGING['root']['level']", IL2TRACKER_LOG_LEVEL="ERROR")
    assert level == "ERROR"
