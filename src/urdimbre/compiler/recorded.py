"""Lo que el compilador de verdad dijo de los kernels del curso, grabado.

Los capítulos lo leen sin tener el compilador instalado. Lo escribe, con sus versiones y su fecha,
``python tests/compiler/record_kernels.py``, y una prueba lo compara con el compilador.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from urdimbre.compiler.occupancy import Occupancy, occupancy
from urdimbre.compiler.usage import Usage
from urdimbre.errors import ArgumentError
from urdimbre.sim.host.kernel import as_kernel

FILE = Path(__file__).with_name("recorded.json")
NOT_RECORDED = (
    "No hay una grabación del compilador para «{name}», o el kernel cambió desde entonces. "
    "Se graba con: python tests/compiler/record_kernels.py"
)


def digest(text: str) -> str:
    """Resumen del texto de un kernel, sin los espacios del final de cada línea."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


@cache
def recording() -> dict[str, Any]:
    """La grabación: ``versions``, ``date`` y ``kernels``."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def row(kernel: Any) -> dict[str, Any]:
    """Lo grabado de un kernel.

    Args:
        kernel: el kernel, que se reconoce por su texto; o su nombre en la grabación, como
            ``"u08_matmul_ladder/matmul_tile16"``.

    Raises:
        ArgumentError: si no se grabó, o cambió desde entonces.
    """
    if isinstance(kernel, str):
        if kernel not in recording()["kernels"]:
            raise ArgumentError(NOT_RECORDED.format(name=kernel))
        return recording()["kernels"][kernel]
    made = as_kernel(kernel)
    wanted = digest(made.source)
    for found in recording()["kernels"].values():
        if found["digest"] == wanted:
            return found
    raise ArgumentError(NOT_RECORDED.format(name=made.name))


def usage_of(kernel: Any, capability: str = "8.0") -> Usage:
    """Los recursos de un kernel en una capacidad de cómputo.

    Raises:
        ArgumentError: si no hay grabación.
    """
    return Usage(*row(kernel)["usages"][capability])


def occupancy_of(
    kernel: Any, capability: str = "8.0", threads: int | None = None,
    shared_bytes: int | None = None,
) -> Occupancy:  # fmt: skip
    """La ocupación teórica de un kernel con sus registros de verdad.

    Args:
        threads, shared_bytes: hilos y memoria compartida *dinámica* por bloque; los del capítulo,
            si no se dicen.
    """
    found, used = row(kernel), usage_of(kernel, capability)
    dynamic = found["shared_bytes"] if shared_bytes is None else shared_bytes
    return occupancy(
        threads or found["threads"], used.registers, used.shared_bytes + dynamic, capability
    )
