"""Pages kept in the memory of the process, for one version of the data and within a bound."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Self

from django.http import HttpRequest, HttpResponse

MEGABYTE = 1024 * 1024
# What a page costs beside its bytes, and the part of the room that one page may take.
OVERHEAD = 1_000
LARGEST_PART = 16
# Below this a packed body is hardly smaller, and above this level hardly smaller than before.
WORTH_PACKING = 200
LEVEL = 5

Basis = tuple[str, ...]
"""All that every page depends on: the version's token, the day, the release and the settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A page as it is answered: its headers, and its body packed with gzip where that pays."""

    headers: Mapping[str, str]
    body: bytes
    packed: bool

    @classmethod
    def of(cls, response: HttpResponse) -> Self:
        """Pack what a view has answered."""
        packed = len(response.content) >= WORTH_PACKING
        # The time of packing would be in it, and each process would send other bytes.
        body = gzip.compress(response.content, LEVEL, mtime=0) if packed else response.content
        return cls(headers=dict(response.headers), body=body, packed=packed)

    def answer(self, request: HttpRequest, *, packed: bool) -> HttpResponse:
        """Return the page, packed for whoever reads that; its head alone where that was asked."""
        as_it_is = packed or not self.packed
        body = self.body if as_it_is else gzip.decompress(self.body)
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response["Content-Length"] = str(len(body))
        if packed and self.packed:
            response["Content-Encoding"] = "gzip"
        return response


def _cost(address: str, page: Kept) -> int:
    """Say how many bytes a page takes of the room; its address may be longer than its body."""
    return len(page.body) + len(address) + OVERHEAD


class PagesKept:
    """The pages of one basis, those asked for last; of another basis nothing is given.

    Pages with a query go first where there is no more room: there is no end to queries, and one
    visitor who follows them all must not push out the pages that everybody reads.
    """

    def __init__(self) -> None:
        self._turn = Lock()
        self._basis: Basis = ()
        self._plain: OrderedDict[str, Kept] = OrderedDict()
        self._asked: OrderedDict[str, Kept] = OrderedDict()
        self._begun: dict[tuple[Basis, str], Future[Kept | None]] = {}
        self._size = 0

    def get(self, basis: Basis, address: str) -> Kept | None:
        """Return the page as it is kept."""
        with self._turn:
            return self._get(basis, address)

    def keep(self, basis: Basis, address: str, page: Kept, *, room: int) -> None:
        """Keep a page of the basis that is known to stand; `room` is for all, in bytes."""
        with self._turn:
            if basis != self._basis:
                self._clear(basis)
            if _cost(address, page) > room // LARGEST_PART:
                return
            pages = self._of(address)
            if (before := pages.pop(address, None)) is not None:
                self._size -= _cost(address, before)
            pages[address] = page
            self._size += _cost(address, page)
            while self._size > room:
                gone, oldest = (self._asked or self._plain).popitem(last=False)
                self._size -= _cost(gone, oldest)

    def once(self, basis: Basis, address: str, render: Callable[[], Kept | None]) -> Kept | None:
        """Return the page as it is kept, or as `render` gives it, called by one thread at a time.

        The others wait. None where it is not a page to keep; each then asks for itself.
        """
        with self._turn:
            if (kept := self._get(basis, address)) is not None:
                return kept
            theirs = self._begun.get((basis, address))
            if theirs is None:
                mine: Future[Kept | None] = Future()
                self._begun[basis, address] = mine
        if theirs is not None:
            return theirs.result()
        made: Kept | None = None
        try:
            made = render()
        finally:
            # Whatever became of it: those who wait are let go, and who comes now begins anew.
            with self._turn:
                del self._begun[basis, address]
            mine.set_result(made)
        return made

    def clear(self) -> None:
        """Forget all pages."""
        with self._turn:
            self._clear(())

    @property
    def size(self) -> int:
        """Say how many bytes are taken."""
        return self._size

    def __len__(self) -> int:
        return len(self._plain) + len(self._asked)

    def _get(self, basis: Basis, address: str) -> Kept | None:
        pages = self._of(address)
        kept = pages.get(address) if basis == self._basis else None
        if kept is not None:
            pages.move_to_end(address)
        return kept

    def _of(self, address: str) -> OrderedDict[str, Kept]:
        return self._asked if "?" in address else self._plain

    def _clear(self, basis: Basis) -> None:
        self._plain.clear()
        self._asked.clear()
        self._size = 0
        self._basis = basis
