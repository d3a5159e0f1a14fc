"""Operaciones en float64 de un kernel: cuántas, en qué líneas y qué tipos las ensancharon."""

from __future__ import annotations

import numpy as np

from urdimbre.observe.findings import place, quote
from urdimbre.observe.lanes import active_count
from urdimbre.sim.events import LaunchInfo, Op

DOUBLE = np.dtype(np.float64)
CONSTANT = "constante"
NAMES = {CONSTANT: "una constante de 64 bits"}


class Doubles:
    """Observador de lo que se calcula en float64, sea FLOP o no.

    Attributes:
        operations: operaciones de todos los carriles; una FMA cuenta dos.
    """

    def __init__(self) -> None:
        self.operations = 0
        self._launch: LaunchInfo | None = None
        self._seen: dict[int, dict[tuple[str, ...], None]] = {}

    def begin(self, launch: LaunchInfo) -> None:
        """Recuerda el lanzamiento para citar sus líneas."""
        self._launch = launch

    def on_op(self, event: Op) -> None:
        """Cuenta los carriles activos de una operación en float64."""
        if event.dtype != DOUBLE:
            return
        count = active_count(event.mask, event.lanes)
        self.operations += count * max(event.flops, 1)
        if count:
            types = tuple(sorted(set(event.operands), key=_order))
            self._seen.setdefault(event.line, {})[types] = None

    @property
    def places(self) -> list[str]:
        """Una explicación por línea; si se sabe cuáles ensanchan la cuenta, solo esas."""
        mixed = {line: types for line, types in self._seen.items() if any(map(_widens, types))}
        return [self._explained(line, mixed or self._seen) for line in sorted(mixed or self._seen)]

    def _explained(self, line: int, seen: dict[int, dict[tuple[str, ...], None]]) -> str:
        found = [types for types in seen[line] if _widens(types)] or list(seen[line])
        what = ", y de ".join(dict.fromkeys(" y ".join(map(_name, types)) for types in found))
        text = quote(self._launch, line)
        quoted = f"\n    {int(line):>4} | {text}" if text else ""
        return f"Línea {place(self._launch, line)}: calcula en float64 a partir de {what}.{quoted}"


def _widens(types: tuple[str, ...]) -> bool:
    """Si algún operando no era de 64 bits flotantes: ahí empieza el contagio."""
    return any(name not in (CONSTANT, "float64") for name in types)


def _order(kind: str) -> tuple[bool, str]:
    return kind == CONSTANT, kind


def _name(kind: str) -> str:
    return NAMES.get(kind, f"un {kind}")
