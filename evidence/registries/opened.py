"""Files that people bring: found in folders, opened, unpacked as they are read, never trusted."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from evidence.registries.texts import line

MOST_AT_ONCE = 512_000_000
"""So many bytes of a file that can only be read whole."""

ALWAYS_UNPACKED = 100_000_000
MOST_UNPACKED = 200
"""A packed file may give the first, or the second times its size, if that is more."""

BEGINNING = 65_536
PIECE = 65_536
GZIP = b"\x1f\x8b"
WITH_A_HEAD = 16 + zlib.MAX_WBITS
"""What zlib calls the format of gzip, whose checksum it then looks at."""


class NotRead(Exception):
    """A file, or the rest of one, is not read; its words say why in one line."""


class Damaged(NotRead):
    """A packed file breaks off here: all that stands before has been given."""

    def __init__(self, what_is_read: str = "what stands before is read") -> None:
        super().__init__(f"The packed file is cut off or damaged here; {what_is_read}.")


NOTHING_READ = "nothing of it is read"


def named(path: Path, *, below: Path | None = None) -> str:
    """Return a file's name as text, with the folders between it and the one that was given."""
    shown = path.relative_to(below) if below and path != below else Path(path.name or str(path))
    return line(os.fsencode(shown).decode(errors="replace")) or "a file without a name"


def files(path: Path) -> Iterator[tuple[Path, str]]:
    """Give a file, or every file of a folder in order of its name, and what is wrong with it.

    "" for nothing wrong. Links to folders are not followed, hidden files not looked at.
    """
    if not _is_folder(path):
        yield path, wrong_with(path)
        return
    troubles: list[OSError] = []
    for folder, below, names in os.walk(path, onerror=troubles.append):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name), wrong_with(Path(folder, name))
        links = (Path(folder, name) for name in below)
        yield from ((link, LINKED) for link in links if link.is_symlink())
    yield from ((Path(os.fsdecode(one.filename)), SHUT) for one in troubles)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what stands above it may not be looked into
        return False


LINKED = "This is a link to a folder; name that folder itself."
SHUT = "This folder may not be opened by the account that runs this."


def wrong_with(path: Path) -> str:
    """Say why a path is no file that can be read; "" where it is one."""
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return (
            "This link leads nowhere." if path.is_symlink() else "There is no such file or folder."
        )
    except (OSError, ValueError) as error:
        return f"It cannot be opened ({_in_words(error)})."
    if not stat.S_ISREG(kind):
        return "This is a device, a pipe or a socket, and no file."
    return "" if os.access(path, os.R_OK) else "It may not be read by the account that runs this."


def _in_words(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return (words or line(str(error)) or "no reason given").lower()


class Unpacked:
    """A gzip file as it is read, which refuses to become far bigger than it is.

    Of one that is cut off or damaged all that stands before comes first, and then Damaged.
    """

    def __init__(self, path: Path) -> None:
        self._packed = path.open("rb")
        self._left = max(ALWAYS_UNPACKED, MOST_UNPACKED * path.stat().st_size)
        self._member = zlib.decompressobj(WITH_A_HEAD)
        self._waiting = b""  # read, and not unpacked yet
        self._ready = bytearray()
        self._ended = self._damaged = False

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; NotRead where there are too many in all."""
        most = self._most(size)
        while len(self._ready) < most and not self._ended:
            self._unpack()
        return self._taken(most)

    def readline(self, size: int = -1) -> bytes:
        """Return a line, or so many bytes of it."""
        most = self._most(size)
        seen = 0
        while (place := self._ready.find(b"\n", seen)) < 0 and not self._ended:
            seen = len(self._ready)
            if seen >= most:
                break
            self._unpack()
        return self._taken(most if place < 0 else min(most, place + 1))

    def close(self) -> None:
        """Let the file go."""
        self._packed.close()

    def _most(self, size: int) -> int:
        return self._left + 1 if size < 0 else min(size, self._left + 1)

    def _taken(self, most: int) -> bytes:
        got = bytes(self._ready[:most])
        if self._damaged and most and not got:
            raise Damaged
        del self._ready[:most]
        self._left -= len(got)
        if self._left < 0:
            raise NotRead(
                f"Unpacked it would be more than {MOST_UNPACKED} times its size; "
                "it is not read on. Unpack it first if it is meant so."
            )
        return got

    def _unpack(self) -> None:
        """Unpack the next piece, or note the end, or the damage that is one."""
        self._waiting = self._waiting or self._packed.read(PIECE)
        if self._member.eof:  # another part may follow, or noughts to fill a block
            self._waiting = self._waiting.lstrip(b"\x00")
            if not self._waiting:
                self._ended = not self._packed.peek(1)
                return
            self._member = zlib.decompressobj(WITH_A_HEAD)
        before = self._member.copy()
        try:
            got = self._member.decompress(self._waiting, PIECE)
        except zlib.error:
            got = _as_far_as_it_goes(before, self._waiting)
            self._ended = self._damaged = True
        else:
            if not (got or self._waiting or self._member.eof):
                self._ended = self._damaged = True
            self._waiting = self._member.unconsumed_tail or self._member.unused_data
        self._ready += got

    def __enter__(self) -> Unpacked:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def _as_far_as_it_goes(member: zlib._Decompress, packed: bytes) -> bytes:
    """Return what stands before the damage in a piece, which zlib keeps to itself."""
    got = bytearray()
    with suppress(zlib.error):
        for place in range(len(packed)):
            got += member.decompress(packed[place : place + 1], PIECE)
    return bytes(got)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading bytes, unpacked where it is gzip."""
    plain = path.open("rb")
    if plain.peek(2)[:2] != GZIP:
        return plain
    plain.close()
    return cast("BinaryIO", Unpacked(path))


def whole(stream: BinaryIO, *, most: int = MOST_AT_ONCE) -> bytes:
    """Return all of a stream; NotRead where it is more than so many bytes, or damaged."""
    try:
        got = stream.read(most + 1)
        if len(got) <= most:
            stream.read(1)  # which raises where a packed file is not at its end
    except Damaged:
        raise Damaged(NOTHING_READ) from None
    if len(got) > most:
        raise NotRead(f"It is more than {most // 1_000_000} MB, too much to be read at once.")
    return got


def trouble(error: Exception) -> str:
    """Say in one sentence why reading broke off."""
    if isinstance(error, NotRead):
        return str(error)
    return f"It cannot be read ({_in_words(error)})."
