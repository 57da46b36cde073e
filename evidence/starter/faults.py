"""What is wrong with starter evidence: every fault with its file and line, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; the file is named from the starter folder, lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that must be mended before anything is loaded."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class StarterFault(Exception):
    """The starter evidence has faults, and nothing of it was loaded."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Faults:
    """The faults met so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        """Note a fault and go on: people mend a list faster than one fault after the other."""
        self.found.append(Fault(place.file, place.line, message))

    def stop(self) -> None:
        """Raise StarterFault if there is any."""
        if self.found:
            raise StarterFault(self.found)
