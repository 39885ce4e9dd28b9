"""The gates of one run: tallies per tier, who pulled the cord and when."""

from __future__ import annotations

from pytest_pyramid.core.facts import GateState
from pytest_pyramid.core.gating import Tally
from pytest_pyramid.core.tiers import Pyramid


class Gate:
    """What has happened at one tier's gate so far."""

    def __init__(self) -> None:
        self.tests = self.finished = self.failed = 0
        self.pulled_by: list[str] = []
        self.message = ""
        """What the first that pulled said."""
        self.closed_at: float | None = None


class Gates:
    """One gate per tier, by rank."""

    def __init__(self, pyramid: Pyramid, mode: str) -> None:
        self._pyramid = pyramid
        self._mode = mode
        self._gates = [Gate() for _ in pyramid]

    def __getitem__(self, rank: int) -> Gate:
        return self._gates[rank]

    def tally(self, rank: int) -> Tally:
        """What a policy needs to know about the tier."""
        gate = self._gates[rank]
        return Tally(
            tier=self._pyramid.tiers[rank].name,
            rank=rank,
            tests=gate.tests,
            finished=gate.finished,
            failed=gate.failed,
            complete=gate.finished >= gate.tests,
        )

    def waiting_above(self, rank: int) -> int:
        """How many tests of higher tiers have not ended."""
        return sum(gate.tests - gate.finished for gate in self._gates[rank + 1 :])

    @property
    def limit(self) -> int:
        """The highest rank that may start: that of the lowest closed gate, else of the top tier."""
        closed = [rank for rank, gate in enumerate(self._gates) if gate.closed_at is not None]
        return closed[0] if closed else len(self._gates) - 1

    @property
    def is_closed(self) -> bool:
        """True when any gate is closed."""
        return any(gate.closed_at is not None for gate in self._gates)

    def states(self, withheld: int, saved_seconds: float | None) -> tuple[GateState, ...]:
        """How every gate ended; `withheld` tests and what they would have taken are charged to the lowest closed one.

        A tier beside the shape has a gate only when it has tests or failures.
        """
        limit = self.limit
        nothing = (0, None)
        return tuple(
            self._state(rank, *((withheld, saved_seconds) if rank == limit else nothing))
            for rank, tier in enumerate(self._pyramid)
            if not tier.side or self._gates[rank].tests or self._gates[rank].failed
        )

    def _state(self, rank: int, withheld: int, saved_seconds: float | None) -> GateState:
        gate = self._gates[rank]
        state = "closed" if gate.closed_at is not None else self._name_of_unclosed(rank)
        return GateState(
            tier=self._pyramid.tiers[rank].name,
            state=state,
            seconds=gate.closed_at,
            pulled_by=tuple(gate.pulled_by),
            withheld=withheld if state == "closed" else 0,
            saved_seconds=saved_seconds if state == "closed" else None,
        )

    def _name_of_unclosed(self, rank: int) -> str:
        if self._mode == "off":
            return "off"
        # An empty tier is not reached as long as one below it has not ended.
        ended = all(gate.finished >= gate.tests for gate in self._gates[: rank + 1])
        return "open" if ended and rank <= self.limit else "not reached"
