"""Memoria sombra: quién tocó cada gránulo de la memoria compartida en la fase actual.

De cada gránulo se guardan, por clase de acceso, el menor y el mayor hilo con el lugar del código:
basta para saber si otro hilo lo tocó. Mientras los accesos sean iguales en todos los bloques hay
una sola fila para todos; se expande a una por bloque cuando deja de ser así.
"""

from __future__ import annotations

import numpy as np

SITE_BITS = 20
SITE_MASK = (1 << SITE_BITS) - 1
KINDS = ("store", "load", "atomic")
_EMPTY = {"low": np.iinfo(np.int64).max, "high": -1}


class Shadow:
    """El estado de una fase para los bloques de una tanda.

    Un código es ``hilo << SITE_BITS | lugar``. ``keys`` son ``fila * columnas + gránulo``.

    Attributes:
        rows: 1 si todos los bloques van igual; si no, los bloques de la tanda.
        granule: bytes por gránulo, potencia de dos.
    """

    def __init__(self) -> None:
        self.rows, self.columns, self.granule = 1, 0, 16
        self._state = {kind: {end: np.empty(0, np.int64) for end in _EMPTY} for kind in KINDS}
        self._dirty: set[str] = set()

    def fit(self, end: int, address: np.ndarray, size: int) -> None:
        """Prepara sitio hasta el byte ``end`` y gránulos que no partan ningún acceso."""
        used = int(np.bitwise_or.reduce(address, axis=None)) | size | self.granule
        granule = used & -used
        if granule < self.granule:
            self._refine(self.granule // granule)
        columns = -(-end // self.granule)
        if columns > self.columns:
            self._widen(columns)

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

    def others(self, kind: str, keys: np.ndarray, threads: np.ndarray) -> np.ndarray | None:
        """Código de otro hilo que tocó cada gránulo con ``kind``, o -1; ``None`` si no hay."""
        if kind not in self._dirty:
            return None
        low, high = self._state[kind]["low"][keys], self._state[kind]["high"][keys]
        below = low < threads << SITE_BITS
        above = high >= (threads + 1) << SITE_BITS
        if not (below.any() or above.any()):
            return None
        return np.where(below, low, np.where(above, high, -1))

    def record(self, kind: str, keys: np.ndarray, codes: np.ndarray) -> None:
        """Anota los accesos; ``codes`` crece con la posición dentro de cada bloque.

        En una asignación con índices repetidos queda el último: por eso el menor se anota
        en orden inverso.
        """
        low, high = self._state[kind]["low"], self._state[kind]["high"]
        high[keys] = np.maximum(high[keys], codes)
        keys, codes = keys[::-1], codes[::-1]
        low[keys] = np.minimum(low[keys], codes)
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
