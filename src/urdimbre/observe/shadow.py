"""Memoria sombra: quién tocó cada gránulo de una asignación.

De cada gránulo se guardan, por clase de acceso, el menor y el mayor hilo con el lugar del código:
basta para saber si otro hilo lo tocó. Mientras los accesos sean iguales en todos los bloques hay
una sola fila para todos; se expande a una por bloque cuando deja de ser así.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

KINDS = ("store", "load", "atomic")
_EMPTY = {"low": np.iinfo(np.int64).max, "high": -1}


# Dice qué accesos viejos están ordenados antes que los nuevos: (viejos, nuevos, claves) -> bool.
Ordered = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Layout:
    """Cómo caben en un int64 el hilo, su época y el lugar del código.

    El hilo va arriba, para comparar códigos como hilos.
    """

    epoch_bits: int
    site_bits: int

    @property
    def shift(self) -> int:
        """Bits por debajo del hilo."""
        return self.epoch_bits + self.site_bits

    def encode(self, thread: np.ndarray, epoch: np.ndarray, site: int) -> np.ndarray:
        """Códigos int64."""
        epoch = epoch & ((1 << self.epoch_bits) - 1)
        return (thread << self.shift) | (epoch << self.site_bits) | self.site(site)

    def thread(self, code: int) -> int:
        """El hilo de un código."""
        return int(code) >> self.shift

    def threads(self, *codes: np.ndarray) -> tuple[np.ndarray, ...]:
        """Los hilos de varios arreglos de códigos."""
        return tuple(c >> self.shift for c in codes)

    def epoch(self, code: np.ndarray) -> np.ndarray:
        """La época de un código."""
        return (code >> self.site_bits) & ((1 << self.epoch_bits) - 1)

    def regrouped(self, old: np.ndarray, new: np.ndarray, group_bits: int) -> np.ndarray:
        """Dónde los dos son del mismo grupo y de otra época: hubo una reunión entre ellos."""
        mixed = old ^ new
        epochs = ((1 << self.epoch_bits) - 1) << self.site_bits
        return (mixed >> (self.shift + group_bits) == 0) & (mixed & epochs != 0)

    def site(self, code: np.ndarray | int) -> np.ndarray | int:
        """El lugar de un código."""
        return code & ((1 << self.site_bits) - 1)

    def together(self, old: np.ndarray, new: np.ndarray, group_bits: int) -> np.ndarray:
        """Dónde los dos hilos son del mismo grupo de ``2**group_bits``: un warp o un bloque."""
        return (old ^ new) >> (self.shift + group_bits) == 0


class Shadow:
    """El estado de una asignación de memoria.

    Los códigos son los de ``layout``. ``keys`` son ``fila * columnas + gránulo``.

    Attributes:
        rows: 1 si todos los bloques comparten fila; si no, los bloques de la tanda.
        granule: bytes por gránulo, potencia de dos.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rows, self.columns, self.granule = 1, 0, 16
        self._state = {kind: {end: np.empty(0, np.int64) for end in _EMPTY} for kind in KINDS}
        self._dirty: set[str] = set()

    def fit(self, end: int, address: np.ndarray, mask: np.ndarray | None, size: int) -> None:
        """Prepara sitio hasta el byte ``end`` y gránulos que no partan ningún acceso activo."""
        used = np.bitwise_or.reduce(address, axis=None)
        if mask is not None and (int(used) | size) & (self.granule - 1):
            used = np.bitwise_or.reduce(np.where(mask, address, 0), axis=None)
        lowest = int(used) | size | self.granule
        if (granule := lowest & -lowest) < self.granule:
            self._refine(self.granule // granule)
        columns = -(-end // self.granule)
        if columns > self.columns:
            self._widen(columns)

    def keys(self, address: np.ndarray) -> np.ndarray:
        """Clave del primer gránulo de cada dirección, en todas las filas."""
        start = address >> (self.granule.bit_length() - 1)
        if self.rows == 1:
            return start
        return start + np.arange(self.rows, dtype=np.int64)[:, None, None] * self.columns

    def expand(self, blocks: int) -> None:
        """Pasa de una fila común a una por bloque."""
        if self.rows == 1 < blocks:
            self._rebuild(lambda table: np.repeat(table, blocks, axis=0))
            self.rows = blocks

    def clear(self, arrived: np.ndarray | None = None) -> None:
        """Comienza otra fase: en todas las filas, o solo en las de ``arrived``."""
        for kind in self._dirty:
            for end, empty in _EMPTY.items():
                if arrived is None:
                    self._state[kind][end].fill(empty)
                else:
                    self._state[kind][end].reshape(self.rows, -1)[arrived] = empty
        if arrived is None:
            self._dirty.clear()
            self._collapse()

    def others(
        self, kind: str, keys: np.ndarray, codes: np.ndarray, ordered: Ordered | None
    ) -> np.ndarray | None:
        """Código de otro hilo que tocó cada gránulo con ``kind``, o -1; ``None`` si no hay.

        Lo que ``ordered`` dice que ya está ordenado no cuenta.
        """
        if kind not in self._dirty:
            return None
        low, high = self._state[kind]["low"][keys], self._state[kind]["high"][keys]
        shift = self.layout.shift
        thread = codes >> shift
        below, above = low < thread << shift, high >= (thread + 1) << shift
        if ordered:
            below &= ~ordered(low, codes, keys)
            above &= ~ordered(high, codes, keys)
        if not (below.any() or above.any()):
            return None
        return np.where(below, low, np.where(above, high, -1))

    def record(
        self, kind: str, keys: np.ndarray, codes: np.ndarray, ordered: Ordered | None
    ) -> None:
        """Anota los accesos; ``codes`` crece con la posición dentro de cada bloque.

        En una asignación con índices repetidos queda el último: por eso el menor se anota
        en orden inverso. Lo que ya está ordenado se olvida: basta lo nuevo, que sabe más.
        """
        for end, extreme, order in (("high", np.maximum, 1), ("low", np.minimum, -1)):
            table, where, new = self._state[kind][end], keys[::order], codes[::order]
            old = table[where]
            if ordered:
                old = np.where(ordered(old, new, where), _EMPTY[end], old)
            table[where] = extreme(old, new)
        self._dirty.add(kind)

    def last(self, keys: np.ndarray) -> np.ndarray:
        """Posición de la última aparición de cada clave en ``keys``."""
        table = np.empty(self.rows * self.columns, np.int64)
        table[keys] = np.arange(len(keys), dtype=np.int64)
        return table[keys]

    def _refine(self, factor: int) -> None:
        self._rebuild(lambda table: np.repeat(table, factor, axis=1))
        self.granule //= factor
        self.columns *= factor

    def _widen(self, columns: int) -> None:
        for tables in self._state.values():
            for end, empty in _EMPTY.items():
                wider = np.full((self.rows, columns), empty, np.int64)
                wider[:, : self.columns] = tables[end].reshape(self.rows, -1)
                tables[end] = wider.reshape(-1)
        self.columns = columns

    def _collapse(self) -> None:
        if self.rows > 1:
            self._rebuild(lambda table: table[:1])
            self.rows = 1

    def _rebuild(self, change) -> None:
        for tables in self._state.values():
            for end in _EMPTY:
                table = tables[end].reshape(self.rows, -1)
                tables[end] = np.ascontiguousarray(change(table)).reshape(-1)
