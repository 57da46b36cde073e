"""Files of registry and literature records to payloads, whatever they are called.

What cannot be read is one fault, in one line; what stands beside it is read all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from evidence.registries import crossref, ctgov, ctgov_xml, ictrp, json_values, medline, pubmed, ris
from evidence.registries.json_values import MOST_OF_ONE, Value
from evidence.registries.kinds import Kind, kind_of
from evidence.registries.opened import (
    BEGINNING,
    NOTHING_READ,
    Damaged,
    NotRead,
    files,
    named,
    opened,
    trouble,
    whole,
)
from evidence.registries.records import Fault, Payload, Unreadable

Found = Iterator[Payload | Fault]

ENOUGH = 20
"""After so many records that are none, and none that is one, a file is not read on."""

TRIALS_READ = "Read are ClinicalTrials.gov's JSON (API v2) and legacy XML, and the ICTRP's XML."
PUBLICATIONS_READ = "Read are PubMed's XML and MEDLINE text, RIS, and Crossref's JSON."
_LITERATURE = {Kind.PUBMED_XML, Kind.MEDLINE, Kind.RIS}
_BREAKS = (NotRead, OSError, MemoryError)
# What JSON of the literature holds that is none of Crossref's.
_OTHER_JSON = (
    (b'"protocolSection"', "These are studies of ClinicalTrials.gov; import_trials reads them."),
    (b'"hitCount"', "This is an answer of Europe PMC, which is not read."),
    (b'"uids"', "This is a summary of PubMed's (ESummary), which is not read; fetch it as XML."),
)


Done = Callable[[], None]


def nothing_done() -> None:
    """Tell nobody that a file was read."""


def trial_payloads(path: Path, *, done: Done = nothing_done) -> Found:
    """Give the studies of a file, or of all files below a folder, and a fault for what is none.

    `done` is called after each file.
    """
    return _below(path, _trials, TRIALS_READ, done)


def publication_payloads(path: Path, *, done: Done = nothing_done) -> Found:
    """Give the publications of a file, or of all files below a folder, with faults between.

    `done` is called after each file.
    """
    return _below(path, _publications, PUBLICATIONS_READ, done)


def _below(path: Path, read: Callable[[Path, Kind], Found], readable: str, done: Done) -> Found:
    nothing = True
    for file, wrong in files(path):
        nothing = False
        name = named(file, below=path)
        if wrong:
            yield Fault(about=name, sentence=wrong)
            done()
            continue
        for found in _guarded(file, read, readable):
            yield found if isinstance(found, Payload) else _at(name, found)
        done()
    if nothing:
        yield Fault(about=named(path), sentence="This folder holds no file.")


def _at(name: str, fault: Fault) -> Fault:
    about = f"{name}, {fault.about}" if fault.about else name
    return Fault(about=about, sentence=fault.sentence)


def _guarded(file: Path, read: Callable[[Path, Kind], Found], readable: str) -> Found:
    """Read one file; whatever breaks off is the last fault."""
    try:
        with opened(file) as stream:
            kind = kind_of(stream.read(BEGINNING))
    except Damaged:
        yield Fault(about="", sentence=str(Damaged(NOTHING_READ)))
        return
    except NotRead as error:
        yield Fault(about="", sentence=f"{error} {readable}")
        return
    except _BREAKS as error:
        yield Fault(about="", sentence=trouble(error))
        return
    try:
        yield from read(file, kind)
    except Unreadable as error:
        yield Fault(about="", sentence=str(error))
    except _BREAKS as error:
        yield Fault(about="", sentence=trouble(error))


def _trials(file: Path, kind: Kind) -> Found:
    if kind in _LITERATURE:
        raise NotRead(f"This is {kind.value}; import_publications reads it.")
    with opened(file) as stream:
        if kind is Kind.ICTRP_XML:
            yield from ictrp.payloads(stream)
        elif kind is Kind.LEGACY_XML:
            yield ctgov.payload(ctgov_xml.study(whole(stream, most=MOST_OF_ONE)))
        elif _is_lines(file):
            yield from _some(_study(value, "line") for value in _lines(stream))
        else:
            text = _text(whole(stream))
            yield from _some(_study(value, "study") for value in json_values.values(text))


def _study(value: Value, word: str) -> Payload | Fault:
    about = f"{word} {value.number}" if value.number else ""
    if value.trouble:
        return Fault(about=about, sentence=value.trouble)
    try:
        return ctgov.payload(value.found)
    except Unreadable as error:
        return Fault(about=about, sentence=str(error))
    except RecursionError as error:
        return Fault(about=about, sentence=json_values.why_not(error))


def _some(found: Found) -> Found:
    """Give what was found; of a file that holds nothing of its kind, one fault for all."""
    faults: list[Fault] = []
    try:
        for one in found:
            if isinstance(one, Payload):
                break
            faults.append(one)
            if len(faults) == ENOUGH:
                yield Fault(about="", sentence=f"{faults[0].sentence} {_NOT_ON}")
                return
        else:
            one = None
    except NotRead:
        yield from faults
        raise
    if one is not None:
        yield from faults
        yield one
        yield from found
        return
    alike = {fault.sentence for fault in faults}
    if len(faults) > 1 and len(alike) == 1:
        yield Fault(about="", sentence=f"{alike.pop()} So are all {len(faults)} of its records.")
    elif faults:
        yield from faults
    else:
        yield Fault(about="", sentence="It holds no record.")


_NOT_ON = f"None of its first {ENOUGH} records can be read; it is not read on."


def _publications(file: Path, kind: Kind) -> Found:
    if kind in {Kind.LEGACY_XML, Kind.ICTRP_XML}:
        raise NotRead(f"This is {kind.value}; import_trials reads it.")
    with opened(file) as stream:
        if kind is Kind.PUBMED_XML:
            found = pubmed.payloads(stream)
        elif kind is Kind.MEDLINE:
            found = medline.payloads(whole(stream))
        elif kind is Kind.RIS:
            found = ris.payloads(whole(stream))
        else:
            _refuse_other_json(file)
            found = _works(file, stream)
        yield from _some(found)


def _refuse_other_json(file: Path) -> None:
    with opened(file) as stream:
        beginning = stream.read(BEGINNING)
    for sign, sentence in _OTHER_JSON:
        if sign in beginning:
            raise NotRead(sentence)


def _works(file: Path, stream: BinaryIO) -> Found:
    if not _is_lines(file):
        yield from crossref.payloads(whole(stream))
        return
    for value in _lines(stream):
        about = f"line {value.number}"
        try:
            yield (
                Fault(about=about, sentence=value.trouble)
                if value.trouble
                else crossref.payload(value.found)
            )
        except Unreadable as error:
            yield Fault(about=about, sentence=str(error))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotRead(f"Line {line} is not written in UTF-8; save the file as UTF-8.") from None


def _is_lines(file: Path) -> bool:
    """Say whether a file of JSON holds one record on each line, from its first two lines."""
    first = second = ending = b""
    with opened(file) as stream:
        try:
            first = b"\n"
            while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
                first = stream.readline(MOST_OF_ONE)
            if first.lstrip(b"\xef\xbb\xbf \t").startswith(b"["):
                return False
            ending = first
            while ending and not ending.endswith(b"\n"):
                ending = stream.readline(MOST_OF_ONE)
            second = b"\n"
            while second and not second.strip():
                second = stream.readline(BEGINNING)
        except Damaged:  # nobody knows of one line alone whether it came whole
            return False
    if second and _is_whole(first):
        return True
    return second.startswith(b"{") and not (ending or first).rstrip().endswith(
        (b"{", b"[", b",", b":")
    )


def _is_whole(line: bytes) -> bool:
    """Say whether a line is a record by itself."""
    try:
        return isinstance(json_values.one(line.decode("utf-8-sig").strip()), dict)
    except (ValueError, RecursionError):
        return False


def _lines(stream: BinaryIO) -> Iterator[Value]:
    """Give the value on every line of a stream that is not empty."""
    number = 0
    while line := stream.readline(MOST_OF_ONE + 1):
        number += 1
        if len(line) > MOST_OF_ONE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MOST_OF_ONE)
            yield Value(number, trouble=f"It is more than {MOST_OF_ONE // 1_000_000} MB.")
        elif line.strip():
            value = _on_line(number, line)
            if value.trouble and not line.endswith(b"\n"):
                stream.read(1)  # which raises where the line was cut with its packed file
            yield value


def _on_line(number: int, line: bytes) -> Value:
    try:
        return Value(number, json_values.one(line.decode("utf-8-sig").strip()))
    except UnicodeDecodeError:
        return Value(number, trouble="It is not written in UTF-8.")
    except (ValueError, RecursionError) as error:
        return Value(number, trouble=json_values.why_not(error))
