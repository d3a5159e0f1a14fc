"""Cuántos sectores, frentes de onda y pasadas cuesta una instrucción de un warp.

Funciones puras sobre ``(filas, 32)``: una fila es un warp. ``address`` son direcciones int64 del
primer byte, ``mask`` los carriles activos (``None`` si son todos) y ``size`` los bytes por carril.
Un carril inactivo no cuenta; un warp sin activos da cero.

Reglas: Nsight Compute Profiling Guide, *Metrics Decoder*; bancos de 4 B en CC 5.0 a 12.0.
"""

from __future__ import annotations

import numpy as np

from urdimbre.sim.events import WARP

SECTOR_SHIFT = 5
BANKS = 32
WORD = 4  # bytes
LANES_PER_SECTOR = 8
GROUPS = {8: 2, 16: 4}  # bytes por carril -> partes en que pasa el warp; las demás, en una
_NONE = np.int64(-1)


def sectors(address: np.ndarray, mask: np.ndarray | None, size: int) -> np.ndarray:
    """Sectores de 32 B distintos que toca cada warp: int64 ``(filas,)``."""
    return distinct(*_units(address, mask, size, SECTOR_SHIFT))


def local_sectors(address: np.ndarray, mask: np.ndarray | None, size: int) -> np.ndarray:
    """Sectores que toca cada warp en memoria local; ``address`` cuenta dentro de cada hilo.

    La palabra ``w`` de los 32 hilos va seguida en memoria: ocupa cuatro sectores, uno por cada
    ocho carriles.
    """
    if mask is None and (address == address[:, :1]).all():  # lo común: todos, la misma palabra
        each = WARP // LANES_PER_SECTOR * len(range(0, size, WORD))
        return np.full(len(address), each, np.int64)
    quarter = np.arange(WARP, dtype=np.int64) // LANES_PER_SECTOR
    words = [(address + k) // WORD for k in range(0, size, WORD)]
    columns = [w * (WARP // LANES_PER_SECTOR) + quarter for w in words]
    widened = None if mask is None else np.concatenate([mask] * len(columns), axis=1)
    return distinct(np.concatenate(columns, axis=1), widened)


def distinct(values: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Cuántos valores activos distintos (no negativos) hay en cada fila."""
    if mask is not None:
        values = np.where(mask, values, _NONE)
    running = np.maximum.accumulate(values, axis=1)
    rising = running == values if mask is None else (running == values) | ~mask
    counts = _steps(running)
    unsorted = ~rising.all(axis=1)
    if unsorted.any():
        counts[unsorted] = _steps(np.sort(values[unsorted], axis=1))
    return counts


def _steps(rising: np.ndarray) -> np.ndarray:
    """Valores distintos de filas crecientes; los negativos del comienzo no cuentan."""
    steps = np.count_nonzero(rising[:, 1:] != rising[:, :-1], axis=1)
    return steps + (rising[:, 0] >= 0)


def _units(address, mask, size, shift) -> tuple[np.ndarray, np.ndarray | None]:
    """Unidades de ``2**shift`` bytes que toca cada carril, sin repetir columnas de más."""
    first = address >> shift
    last = (address + (size - 1)) >> shift
    if (first == last).all():
        return first, mask
    inner = [(address + o) >> shift for o in range(1 << shift, size - 1, 1 << shift)]
    columns = [first, *inner, last]
    widened = None if mask is None else np.concatenate([mask] * len(columns), axis=1)
    return np.concatenate(columns, axis=1), widened


def wavefronts(
    address: np.ndarray, mask: np.ndarray | None, size: int, merges: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Frentes de onda en memoria compartida, y los ideales: dos int64 ``(filas,)``.

    Con 8 B el warp pasa en dos mitades y con 16 B en cuatro cuartos. ``merges`` (las lecturas)
    junta los grupos de dos en dos si todos los carriles activos coinciden con su vecino.
    """
    groups = GROUPS.get(size, 1)
    if groups == 1:
        return _grouped(address, mask, size, 1)
    spent, ideal = _grouped(address, mask, size, groups)
    if merges:
        paired = _paired(address, mask)
        if paired.any():
            rows = None if mask is None else mask[paired]
            spent[paired], ideal[paired] = _grouped(address[paired], rows, size, groups // 2)
    return spent, ideal


def _grouped(address, mask, size, groups) -> tuple[np.ndarray, np.ndarray]:
    rows, per_group = len(address), WARP // groups
    address = address.reshape(rows * groups, per_group)
    mask = None if mask is None else mask.reshape(rows * groups, per_group)
    words, mask = _units(address, mask, size, 2)
    spent = _deepest_bank(words, mask).reshape(rows, groups).sum(axis=1)
    if mask is None:
        return spent, np.full(rows, groups, np.int64)
    return spent, mask.any(axis=1).reshape(rows, groups).sum(axis=1)


def _deepest_bank(words: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Palabras distintas del banco más pedido de cada fila."""
    if mask is not None:
        some = mask.any(axis=1)
        first = words[np.arange(len(words), dtype=np.int64), mask.argmax(axis=1)]
        words = np.where(mask, words, first[:, None])
    else:
        some = np.ones(len(words), bool)
    deepest = some.astype(np.int64)
    wide = words.max(axis=1) - words.min(axis=1) >= BANKS
    if wide.any():
        deepest[wide] = _count_banks(words[wide])
    return deepest


def _count_banks(words: np.ndarray) -> np.ndarray:
    rows = len(words)
    words = np.sort(words, axis=1)
    fresh = np.ones(words.shape, bool)
    np.not_equal(words[:, 1:], words[:, :-1], out=fresh[:, 1:])
    row = np.arange(rows, dtype=np.int64)[:, None] * BANKS
    key = (row + (words & (BANKS - 1)))[fresh]
    return np.bincount(key, minlength=rows * BANKS).reshape(rows, BANKS).max(axis=1)


def atomic_wavefronts(address: np.ndarray, mask: np.ndarray | None, size: int) -> np.ndarray:
    """Frentes de onda de una atómica en memoria compartida: int64 ``(filas,)``.

    Los carriles del mismo banco pasan de uno en uno, también si piden la misma palabra. Es una
    hipótesis: no se ha medido.
    """
    rows, banks = len(address), address // WORD % BANKS
    pieces = [(banks + k) % BANKS for k in range(max(1, size // WORD))]
    key = np.concatenate([np.arange(rows, dtype=np.int64)[:, None] * BANKS + p for p in pieces], 1)
    if mask is not None:
        key = key[np.concatenate([mask] * len(pieces), axis=1)]
    return np.bincount(key.reshape(-1), minlength=rows * BANKS).reshape(rows, BANKS).max(axis=1)


def _paired(address: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Filas cuyos carriles activos leen lo mismo que su vecino ``n ^ 1`` (o ``n ^ 2``)."""
    lane = np.arange(WARP, dtype=np.int64)
    result = np.zeros(len(address), bool)
    for step in (1, 2):
        same = address == address[:, lane ^ step]
        if mask is not None:
            same |= ~(mask & mask[:, lane ^ step])
        result |= same.all(axis=1)
    return result


def contention(address: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Carriles activos de cada warp que coinciden en la dirección más pedida."""
    lane = np.arange(WARP, dtype=np.int64)
    if mask is not None:
        address = np.where(mask, address, -1 - lane)
    ordered = np.sort(address, axis=1)
    fresh = np.ones(ordered.shape, bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=fresh[:, 1:])
    start = np.maximum.accumulate(np.where(fresh, lane, 0), axis=1)
    longest = (lane - start).max(axis=1) + 1
    return longest if mask is None else np.where(mask.any(axis=1), longest, 0)
