"""Asking politely: where, how often, for how long, and what is said when it fails."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any

import pytest
import requests

from evidence.registries import trouble
from evidence.registries.http import (
    Answer,
    Malformed,
    Moved,
    NotFound,
    Polite,
    Refused,
    TooBig,
    Unreachable,
    WireFault,
)
from tests.registries.fake import NOBODY, FakeRegistry, Fault, FaultPlan, nobody, wire_here
from tests.registries.made_up import many_studies


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment of whoever runs the tests says of proxies is not read."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def registry(*faults: Fault, **changes: Any) -> FakeRegistry:
    """A registry whose first requests meet these faults."""
    plan = FaultPlan(faults=dict(enumerate(faults, start=1)), wait=changes.pop("wait", 7))
    return FakeRegistry(many_studies(3), plan=plan, **changes)


def ask(fake: FakeRegistry, slept: list[float] | None = None, **changes: Any) -> Answer:
    return wire_here(slept, **changes).read(f"{fake.base}/version", parse=_checked)


def _checked(answer: Answer) -> Answer:
    """Refuse an answer that is not that of the version."""
    told = answer.json()
    if not isinstance(told, dict) or "apiVersion" not in told:
        raise Malformed("named no version")
    return answer


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now

    def how(self) -> dict[str, Any]:
        return {"sleep": self.sleep, "clock": self.read, "random": lambda: 1.0}


# --- What is asked -------------------------------------------------------------------------------


def test_an_answer_brings_its_status_its_body_and_its_address_without_a_query():
    with registry() as fake:
        answer = wire_here().get(f"{fake.base}/studies", {"query.term": "aldesleukin"})
        assert answer.status == 200
        assert answer.url == f"{fake.base}/studies"
        assert answer.headers["content-type"] == "application/json"
        assert len(answer.json()["studies"]) == 3


def test_the_registry_reads_who_asks_and_gets_no_cookie_back():
    with registry() as fake:
        wire = wire_here()
        for _ in range(2):
            wire.get(f"{fake.base}/version")
        for asked in fake.asked:
            assert asked.headers["user-agent"] == "il2tracker (tests)"
            assert "cookie" not in asked.headers


def test_a_netrc_of_this_machine_is_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\ndefault login me password x\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with registry() as fake:
        ask(fake)
        assert "authorization" not in fake.asked[0].headers


def test_a_proxy_is_asked_for_the_world_and_never_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
):
    with registry() as fake, registry() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.root)
        ask(fake)
        assert proxy.connections == 0
        world = Polite(
            hosts=["registry.invalid"], per_second=1, user_agent="x", sleep=lambda _: None, tries=1
        )
        with pytest.raises(Unreachable, match="the proxy of this machine"):
            world.get(NOBODY)
        assert proxy.connections == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/api/v2/version",
        "http://registry.example/api/v2/version",
        "https://registry.example@evil.example/",
        "https://evil.example\\@registry.example/",
        "https://evil.example#@registry.example/",
        "https://user:word@registry.example/",
        "https://registry.example.evil.example/",
        "https://registry.example:99999/",
        "https://registry.example:x/",
        "ftp://registry.example/",
        "file:///etc/passwd",
        "//registry.example/",
        "registry.example",
        "https://",
        "",
        "http://[::1",
        "https://\ud800.example/",
        "http://127.0.0.2/",
        "http://0x7f000001/",
    ],
)
def test_an_address_that_is_not_allowed_is_refused_before_any_line_is_opened(address: str):
    wire = Polite(hosts=["registry.example", "127.0.0.2"], per_second=1, user_agent="x")
    with pytest.raises(Refused, match="not asked from here"):
        wire.get(address)


def test_plain_http_is_for_this_machine_alone():
    with registry() as fake:
        assert ask(fake).status == 200
        with pytest.raises(Refused):
            wire_here(hosts=["registry.example"]).get(f"{fake.base}/version")


# --- How often -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_second", "gap"), [(1.0, 1.0), (3.0, 1 / 3), (10.0, 0.1)])
def test_requests_keep_their_distance(per_second: float, gap: float):
    clock = Clock()
    with registry() as fake:
        wire = wire_here(per_second=per_second, **clock.how())
        for _ in range(4):
            wire.get(f"{fake.base}/version")
    assert clock.slept == pytest.approx([gap] * 3)


def test_who_has_waited_long_enough_waits_no_longer():
    clock = Clock()
    with registry() as fake:
        wire = wire_here(**clock.how())
        wire.get(f"{fake.base}/version")
        clock.now += 5
        wire.get(f"{fake.base}/version")
    assert clock.slept == []


def test_each_try_waits_twice_as_long_as_the_one_before():
    clock = Clock()
    with registry(*[Fault.ERROR] * 4) as fake:
        ask(fake, **clock.how())
    assert clock.slept == pytest.approx([1, 2, 4, 8])


def test_no_wait_of_ours_is_longer_than_a_minute():
    clock = Clock()
    with registry(*[Fault.ERROR] * 9) as fake:
        ask(fake, tries=10, **clock.how())
    assert clock.slept == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])


def test_two_clients_do_not_come_back_in_step():
    waits = set()
    for chance in (0.0, 0.5, 1.0):
        clock = Clock()
        with registry(Fault.ERROR, Fault.ERROR) as fake:
            ask(fake, **clock.how() | {"random": lambda chance=chance: chance})
        waits.add(clock.slept[-1])
    assert waits == {1.0, 1.5, 2.0}


@pytest.mark.parametrize("fault", [Fault.BUSY_SECONDS, Fault.BUSY_DATE])
def test_a_registry_is_left_alone_for_as_long_as_it_asks(fault: Fault):
    clock = Clock()
    with registry(fault, wait=120) as fake:
        ask(fake, **clock.how())
    assert clock.slept == pytest.approx([120], abs=3)


def test_a_registry_that_is_asked_too_often_is_left_alone_for_a_while():
    clock = Clock()
    with registry(Fault.BUSY) as fake:
        ask(fake, **clock.how())
    assert clock.slept == pytest.approx([30])


@pytest.mark.parametrize("fault", [Fault.BUSY_SECONDS, Fault.BUSY_DATE])
def test_to_wait_for_hours_is_left_to_the_person_who_runs_the_site(fault: Fault):
    clock = Clock()
    with (
        registry(fault, wait=7_200) as fake,
        pytest.raises(Refused, match=r"wants to be asked again after .* UTC, not earlier"),
    ):
        ask(fake, **clock.how())
    assert clock.slept == []
    assert len(fake.asked) == 1


@pytest.mark.parametrize("wait", [0, -5])
def test_a_wait_of_nothing_is_still_a_pause(wait: int):
    clock = Clock()
    with registry(Fault.BUSY_SECONDS, wait=wait) as fake:
        ask(fake, **clock.how())
    assert clock.slept == pytest.approx([1])


@pytest.mark.parametrize("wait", [10**9, 10**12, 10**400])
def test_a_wait_without_end_is_a_sentence_too(wait: int):
    with (
        registry(Fault.BUSY_SECONDS, wait=wait) as fake,
        pytest.raises(Refused, match="more than a year"),
    ):
        ask(fake)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("", 0),
        ("soon", 0),
        ("-7", 0),
        ("1.5", 0),
        ("\u0667", 0),
        ("Fri, 01 Jan 2016 00:00:00 GMT", 0),
        ("Fri, 01 Jan 2016 00:00:00", 0),
        ("Fri, 31 Dec 9999 99:99:99 GMT", 0),
    ],
)
def test_what_is_no_wait_is_no_reason_to_wait(told: str, seconds: float):
    response = requests.Response()
    response.headers["Retry-After"] = told
    assert trouble.seconds_to_wait(response) == seconds


# --- What goes wrong -----------------------------------------------------------------------------

PASSING = {
    Fault.RESET: "the connection broke off",
    Fault.HANG: "no answer within 0.5 seconds",
    Fault.ERROR: "it answered 500",
    Fault.BUSY_SECONDS: "it answered 429",
    Fault.BUSY_DATE: "it answered 429",
    Fault.HTML: "the answer was a web page and not JSON",
    Fault.CUT_BODY: "the answer was cut short",
    Fault.CUT_JSON: "the answer was cut short or is not JSON",
    Fault.MALFORMED: "the answer was cut short or is not JSON",
    Fault.WRONG_TYPES: None,
    Fault.CHANGED_SCHEMA: "the answer named no version",
    Fault.DRIP: "the answer took more than 0.3 seconds",
    Fault.DRIP_HEAD: "the answer took more than 0.3 seconds",
}
KEY = "s3cret"


def _impatient(fault: Fault) -> dict[str, Any]:
    """Do not wait for long for an answer that drips."""
    return {"whole": 0.3} if fault in (Fault.DRIP, Fault.DRIP_HEAD) else {}


@pytest.mark.parametrize("fault", PASSING)
def test_trouble_that_passes_is_not_noticed(fault: Fault):
    with registry(fault) as fake:
        assert ask(fake, **_impatient(fault)).status == 200
        assert len(fake.asked) == (1 if PASSING[fault] is None else 2)


@pytest.mark.parametrize("fault", [fault for fault, said in PASSING.items() if said])
def test_trouble_that_stays_is_told_after_five_tries(fault: Fault):
    with FakeRegistry(plan=FaultPlan(always=fault)) as fake, pytest.raises(Unreachable) as told:
        ask(fake, **_impatient(fault))
    place = fake.base.removeprefix("http://") + "/version"
    assert told.value.sentence == f"{place} gave no good answer in 5 tries: {PASSING[fault]}."
    assert len(fake.asked) == 5


def test_where_nobody_answers_it_is_said():
    with pytest.raises(Unreachable, match="5 tries: nobody answers there"):
        wire_here().get(nobody())


def test_a_name_that_is_nobodys_is_said():
    slept: list[float] = []
    wire = Polite(
        hosts=["registry.invalid"], per_second=1, user_agent="x", sleep=slept.append, tries=2
    )
    with pytest.raises(Unreachable, match="2 tries: its name could not be looked up"):
        wire.get(NOBODY)


def test_what_is_not_there_is_not_asked_for_twice():
    with registry() as fake, pytest.raises(NotFound, match="is not there"):
        wire_here().get(f"{fake.base}/studies/NCT99999999")
    assert len(fake.asked) == 1


def test_a_refusal_is_told_in_the_registrys_words_and_not_repeated():
    with registry(Fault.BAD_REQUEST) as fake, pytest.raises(Refused) as told:
        ask(fake)
    assert told.value.sentence.endswith("refused the question (400, “Query is not understood”).")
    assert told.value.status == 400
    assert len(fake.asked) == 1


def test_nobody_is_followed_to_another_address():
    with registry(Fault.ELSEWHERE) as fake, pytest.raises(Moved) as told:
        ask(fake)
    assert told.value.target == "https://evil.example/api/v2/studies/NCT00000101"
    assert len(fake.asked) == 1


@pytest.mark.parametrize("fault", [Fault.BOMB, Fault.HUGE])
def test_more_than_is_read_is_let_go(fault: Fault):
    with registry(fault) as fake, pytest.raises(TooBig, match="more than 10 MB"):
        ask(fake)
    assert len(fake.asked) == 1


def test_what_just_fits_is_read():
    with registry() as fake:
        size = len(ask(fake).body)
        assert ask(fake, most_bytes=size).status == 200
        with pytest.raises(TooBig):
            ask(fake, most_bytes=size - 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"[" * 200_000,
        b"1" * 100_000,
        b'"\xed\xa0\x80"',
        b"  <html>",
    ],
)
def test_a_body_that_is_no_json_is_malformed(body: bytes):
    with pytest.raises(Malformed):
        Answer(status=200, body=body, url="", headers={}).json()


@pytest.mark.parametrize("fault", [fault for fault, said in PASSING.items() if said])
def test_a_key_in_the_query_stands_in_no_fault_and_nowhere_behind_it(fault: Fault):
    with FakeRegistry(plan=FaultPlan(always=fault)) as fake:
        wire = wire_here(tries=1, **_impatient(fault))
        with pytest.raises(WireFault) as told:
            wire.read(f"{fake.base}/version", {"api_key": KEY}, parse=_checked)
    assert KEY not in "".join(traceback.format_exception(told.value))
