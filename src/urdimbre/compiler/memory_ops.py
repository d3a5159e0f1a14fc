"""Las instrucciones de memoria de un kernel, contadas por espacio, sentido y ancho."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from urdimbre.compiler.assembly import Instruction

# Código de máquina: operación -> espacio y sentido.
MACHINE = {
    "LDG": ("global", "load"), "STG": ("global", "store"), "LD": ("generic", "load"),
    "ST": ("generic", "store"), "LDS": ("shared", "load"), "STS": ("shared", "store"),
    "LDL": ("local", "load"), "STL": ("local", "store"), "ATOMG": ("global", "atomic"),
    "RED": ("global", "atomic"), "REDG": ("global", "atomic"), "ATOM": ("generic", "atomic"),
    "ATOMS": ("shared", "atomic"),
}  # fmt: skip
_PTX = re.compile(r"^(ld|st|atom|red)\.(?:volatile\.|relaxed\.\w+\.)?(global|shared|local)\b")
_KINDS = {"ld": "load", "st": "store", "atom": "atomic", "red": "atomic"}
_WIDTHS = ((r"\.128\b", 16), (r"\.[US]?64\b", 8), (r"\.[US]16\b", 2), (r"\.[US]8\b", 1))
_TYPE = re.compile(r"\.[bfsu](\d+)$")
_SPACES = {"global": "global", "shared": "compartida", "local": "local", "generic": "genérica"}
_NAMES = {"load": "lecturas", "store": "escrituras", "atomic": "atómicas"}

# Aritmética de doble precisión: operaciones de máquina y de PTX.
DOUBLE_MACHINE = re.compile(r"^(DADD|DMUL|DFMA|DSETP|DMNMX|MUFU\.\w*64\w*|F2F\.F64|I2F\.F64|DMMA)")
DOUBLE_PTX = re.compile(r"^(add|sub|mul|fma|div|sqrt|rcp|neg|abs|min|max|setp|cvt|ex2|lg2)\..*f64")


@dataclass(frozen=True)
class MemoryOps:
    """Cuántas instrucciones de una clase hay en el código; no cuántas veces se ejecutan.

    Attributes:
        space: ``global``, ``shared``, ``local`` o ``generic``.
        kind: ``load``, ``store`` o ``atomic``.
        width: bytes por carril.
    """

    space: str
    kind: str
    width: int
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Con tipos que JSON entiende."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"{_NAMES[self.kind]} de memoria {_SPACES[self.space]} de {self.width} B: {self.count}"
        )


def machine_ops(code: Iterable[Instruction]) -> tuple[MemoryOps, ...]:
    """Las del código de máquina."""
    found = Counter(filter(None, map(machine_key, code)))
    return tuple(MemoryOps(*key, count) for key, count in sorted(found.items()))


def machine_key(instruction: Instruction) -> tuple[str, str, int] | None:
    """Espacio, sentido y ancho; ``None`` si no es de memoria."""
    name = instruction.opcode.partition(".")[0]
    if name not in MACHINE:
        return None
    width = next((n for pattern, n in _WIDTHS if re.search(pattern, instruction.opcode)), 4)
    return (*MACHINE[name], width)


def ptx_ops(code: Iterable[Instruction]) -> dict[str, int]:
    """Las del PTX por su nombre: ``{"ld.global.v4.f32": 2}``."""
    return dict(sorted(Counter(i.opcode for i in code if _PTX.match(i.opcode)).items()))


def double_lines(ptx: Iterable[Instruction]) -> tuple[int, ...]:
    """Las líneas cuyo PTX hace cuentas en ``float64``."""
    return tuple(sorted({i.line for i in ptx if DOUBLE_PTX.match(i.opcode)}))
