"""Los recursos que el ensamblador dice que usa un kernel."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

_USED = re.compile(r"^info\s*: used (\d+) registers", re.MULTILINE)
_FALLBACK = re.compile(r"Used (\d+) registers")
_SPILLS = re.compile(r"(\d+) bytes spill stores, (\d+) bytes spill loads")
_SHARED = re.compile(r"^\s*(?:\.visible |\.weak )?\.shared .*\[(\d+)\];", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """Recursos por hilo, salvo la memoria compartida, que es por bloque; la memoria en bytes.

    Attributes:
        registers: registros de 32 bits.
        shared_bytes: memoria compartida de tamaño fijo.
        local_bytes: memoria local: arreglos propios y derrames.
        spill_store_bytes, spill_load_bytes: lo que se guarda y se lee porque no alcanzaron los
            registros.
    """

    registers: int
    shared_bytes: int
    local_bytes: int
    spill_store_bytes: int
    spill_load_bytes: int

    @property
    def spills(self) -> bool:
        """Si los registros no alcanzaron."""
        return bool(self.spill_store_bytes or self.spill_load_bytes)

    def to_dict(self) -> dict[str, Any]:
        """Con tipos que JSON entiende."""
        return asdict(self)


def usage(log: str, ptx: str) -> Usage:
    """Lee el registro de nvJitLink; la memoria compartida, de las declaraciones del PTX.

    La del registro suma, desde la capacidad 8.0, 1 KiB que el sistema toma en cada bloque.
    """
    registers = (_USED.search(log) or _FALLBACK.search(log)).group(1)
    # Un arreglo propio está en la pila y, según la versión, no se cuenta también como «lmem».
    local = re.findall(r"(\d+) bytes (?:lmem|stack frame)", log)
    stores, loads = (_SPILLS.search(log) or re.search("()()", "")).groups()
    shared = sum(map(int, _SHARED.findall(ptx)))
    most = max(map(int, local), default=0)
    return Usage(int(registers), shared, most, int(stores or 0), int(loads or 0))
