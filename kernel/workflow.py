"""States and transitions as data. Knows nothing of Django or the database (ARCHITECTURE 5)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


def gettext_noop(message: str) -> str:
    """Mark a message id for translation; it is translated where it is rendered."""
    return message


class Phase(StrEnum):
    """The only words that shared machinery (clocks, queue, boards, reports) knows about a state."""

    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a process."""

    code: str
    label: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb: from which states, to which, who may (`permission`), and which fields it needs.

    `key` is the single-letter shortcut of UX 3.2, `automatic` marks verbs that no button offers.
    """

    name: str
    label: str
    sources: frozenset[str]
    target: str
    permission: str
    needs: tuple[str, ...] = ()
    key: str = ""
    automatic: bool = False


@dataclass(frozen=True)
class Workflow:
    """The table of one process. `faults()` is empty for a sound table."""

    kind: str
    prefix: str
    label: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    @cached_property
    def states_by_code(self) -> dict[str, State]:
        """States by their code."""
        return {state.code: state for state in self.states}

    @cached_property
    def transitions_by_name(self) -> dict[str, Transition]:
        """Transitions by their name."""
        return {step.name: step for step in self.transitions}

    @cached_property
    def under_review(self) -> frozenset[str]:
        """States in which the work is done and somebody may still look at it: a step leads on within the done phase."""
        done = {state.code for state in self.states if state.phase is Phase.DONE}
        return frozenset(code for code in done for step in self.from_state(code) if step.target in done)

    def state(self, code: str) -> State:
        """The state with that code; KeyError when there is none."""
        return self.states_by_code[code]

    def transition(self, name: str) -> Transition:
        """The transition with that name; KeyError when there is none."""
        return self.transitions_by_name[name]

    def from_state(self, code: str) -> list[Transition]:
        """Transitions that can leave this state, in the table's order."""
        return [step for step in self.transitions if code in step.sources]

    def allows(self, name: str, code: str) -> bool:
        """Whether the transition may start from the state."""
        return code in self.transition(name).sources

    def faults(self) -> list[str]:
        """Everything wrong with the table: unknown, unreachable and dead-end states."""
        codes = set(self.states_by_code)
        found = [
            f"{step.name}: unknown state" for step in self.transitions if not {*step.sources, step.target} <= codes
        ]
        found += [f"{code}: unreachable" for code in sorted(codes - self._reachable())]
        found += [
            f"{state.code}: dead end"
            for state in self.states
            if state.phase != Phase.DONE and not self.from_state(state.code)
        ]
        return found

    def _reachable(self) -> set[str]:
        seen, todo = {self.initial}, [self.initial]
        while todo:
            for step in self.from_state(todo.pop()):
                if step.target not in seen:
                    seen.add(step.target)
                    todo.append(step.target)
        return seen

    def mermaid(self) -> str:
        """The state diagram of the documentation, generated from this table."""
        lines = [f"[*] --> {self.initial}"]
        lines += [
            f"{code} --> {step.target}: {step.label}" for step in self.transitions for code in sorted(step.sources)
        ]
        lines += [f"{state.code} --> [*]" for state in self.states if not self.from_state(state.code)]
        return "stateDiagram-v2\n  " + "\n  ".join(lines)
