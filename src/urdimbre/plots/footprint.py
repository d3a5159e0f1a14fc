"""La huella de un warp en una traza: qué elementos toca y cuánto cuesta tocarlos.

Aquí no se dibuja nada. Los sectores y los turnos salen de las mismas funciones que usan los
contadores, así que una figura y una tabla no pueden decir cosas distintas.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.observe.tally import SECTOR_BYTES
from urdimbre.observe.trace import Trace, TracedAccess
from urdimbre.observe.transactions import sectors, wavefronts

VERBS = {"load": "lee", "store": "escribe", "atomic": "actualiza"}
UNITS = {"global": ("sector", "sectores"), "shared": ("turno", "turnos")}


def elements(access: TracedAccess) -> np.ndarray:
    """Posición de cada carril en el arreglo aplanado: int64 ``(B, W, 32)``."""
    return (access.address - access.base) // access.dtype.itemsize


def block_elements(access: TracedAccess, block: int) -> np.ndarray:
    """Elementos distintos que toca todo el bloque, en orden."""
    if block not in access.blocks:
        return np.zeros(0, np.int64)
    b = block - access.first_block
    return np.unique(elements(access)[b][access.mask[b]])


def warp_elements(access: TracedAccess, block: int, warp: int) -> np.ndarray:
    """Elementos que tocan los carriles activos de un warp, en orden de carril."""
    if block not in access.blocks or warp >= access.address.shape[1]:
        return np.zeros(0, np.int64)
    b = block - access.first_block
    return elements(access)[b, warp][access.mask[b, warp]]


def sector_elements(access: TracedAccess, block: int, warp: int) -> np.ndarray:
    """Todos los elementos del arreglo que viajan en los sectores que toca un warp."""
    size = access.dtype.itemsize
    first = access.base + warp_elements(access, block, warp) * size
    inside = np.arange(0, SECTOR_BYTES, size, dtype=np.int64)
    carried = (np.unique(first // SECTOR_BYTES) * SECTOR_BYTES)[:, None] + inside
    found = np.unique((carried - access.base) // size)
    return found[(found >= 0) & (found < np.prod(access.shape, dtype=np.int64))]


def cost(access: TracedAccess, block: int, warp: int) -> int:
    """Sectores (memoria global) o turnos (compartida) que gasta un warp en ese acceso."""
    b = block - access.first_block
    address, mask = access.address[b, warp][None, :], access.mask[b, warp][None, :]
    if access.space == "global":
        return int(sectors(address, mask, access.size)[0])
    return int(wavefronts(address, mask, access.size, access.kind == "load")[0][0])


def cost_text(access: TracedAccess, block: int, warp: int) -> str:
    """El costo con su unidad: «4 sectores», «1 turno»."""
    n = cost(access, block, warp)
    return f"{n} {UNITS[access.space][n != 1]}"


def joined(trace: Trace, block: int, warp: int) -> Iterator[TracedAccess]:
    """Los accesos de la traza en que participa algún carril de ese warp."""
    for access in trace.accesses:
        if len(warp_elements(access, block, warp)):
            yield access


def chosen(trace: Trace, array: str, kind: str, block: int, warp: int) -> TracedAccess:
    """El primer acceso de esa clase a ese arreglo en que participa el warp.

    Errors:
        ArgumentError: la traza no tiene ninguno.
    """
    for access in joined(trace, block, warp):
        if (access.name, access.kind) == (array, kind):
            return access
    raise ArgumentError(
        f"En la traza, el warp {warp} del bloque {block} nunca {VERBS[kind]} «{array}». "
        "Revisa el nombre del arreglo, el warp y que la traza no esté vacía."
    )


def times_read(trace: Trace, array: str) -> np.ndarray:
    """Cuántas veces pide cada elemento de ``array`` algún hilo: int64 ``(elementos,)``.

    Errors:
        ArgumentError: nadie lee ese arreglo en la traza.
    """
    reads = [a for a in trace.accesses if (a.name, a.kind) == (array, "load")]
    if not reads:
        raise ArgumentError(f"En la traza nadie lee «{array}». Revisa el nombre del arreglo.")
    size = int(np.prod(reads[0].shape, dtype=np.int64))
    counts = np.zeros(size, np.int64)
    for access in reads:
        asked = elements(access)[access.mask]
        counts += np.bincount(asked[(asked >= 0) & (asked < size)], minlength=size)
    return counts
