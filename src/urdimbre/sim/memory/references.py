"""Cómo ve un kernel un arreglo o un registro: dónde están sus datos y cómo se recorren.

Legenda: ``lin`` es el índice lineal en los pasos del espacio de memoria: elementos o, en el campo
de un registro que es un arreglo, bytes.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.events import ArrayInfo
from urdimbre.sim.memory.byte_store import ByteStore, byte_steps, nested
from urdimbre.sim.memory.spaces import FAR


@dataclass(frozen=True, eq=False, slots=True)
class ArrayRef:
    """Un arreglo visto por el kernel: dónde están sus datos y cómo se recorren.

    Attributes:
        offset: primer elemento, en elementos; un entero o un valor por carril (una vista).
        shape: longitudes; enteros, o valores por carril en una rebanada variable.
        strides: en los pasos de ``store``.
        lead: en la vista ``a[i]``, cada índice ya aplicado y la longitud de su eje.
    """

    store: Any
    info: ArrayInfo
    shape: tuple[Any, ...]
    strides: tuple[int, ...]
    offset: Any = 0
    lead: tuple[tuple[Any, Any], ...] = ()

    def field(self, name: str) -> ArrayRef:
        """El arreglo de ese campo de los registros: la misma forma, otra dirección.

        Si el campo es un arreglo, sus ejes van al final.
        """
        if self.info.dtype.kind == "c":
            return self._half(name)
        if self.info.dtype.fields[name][0].subdtype is not None:
            return self.nested(name, self.store.bytewise or not self.store.aligned)
        return dataclasses.replace(self, store=self.store.field(name), info=self._info_of(name))

    def nested(self, name: str, bytewise: bool) -> ArrayRef:
        """El arreglo de un campo que es un arreglo: los ejes de los registros y los suyos."""
        dtype, inner = self.info.dtype.fields[name][0].subdtype
        store, pitch = nested(self.store, name, dtype, bytewise), self.store.pitch
        info = dataclasses.replace(self._info_of(name), dtype=dtype, shape=self.info.shape + inner)
        strides = (*(s * pitch for s in self.strides), *byte_steps(inner, dtype.itemsize))
        shape = (*self.shape, *inner)
        return ArrayRef(store, info, shape, strides, self.offset * pitch, self.lead)

    def _half(self, name: str) -> ArrayRef:
        """La parte real o la imaginaria de un arreglo de complejos."""
        pair = halves(self.info.dtype)
        info = dataclasses.replace(self.info, dtype=pair)
        return dataclasses.replace(self, store=self.store.seen_as(pair), info=info).field(name)

    def reinterpreted(self, dtype: np.dtype) -> ArrayRef:
        """Los mismos bytes, leídos como ``dtype``; solo cambia la última longitud.

        Raises:
            ValueError: si el último eje no es contiguo o no cabe un número entero de elementos.
        """
        old, new, pitch = self.info.dtype.itemsize, dtype.itemsize, self.store.pitch
        strides = [s * pitch for s in self.strides]
        shape = list(self.shape)
        if old != new:
            if not shape or strides[-1] != old or np.any(shape[-1] * old % new):
                raise ValueError(dtype)
            shape[-1], strides[-1] = shape[-1] * old // new, new
        store = ByteStore(self.store.root, self.store.start, dtype)
        info = dataclasses.replace(self.info, dtype=dtype)
        return ArrayRef(store, info, tuple(shape), tuple(strides), self.offset * pitch, self.lead)

    def _info_of(self, name: str) -> ArrayInfo:
        dtype, start = self.info.dtype.fields[name][:2]
        return dataclasses.replace(
            self.info, name=f"{self.info.name}.{name}", dtype=dtype,
            address=self.info.address + start,
        )  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class RecordRef:
    """Un registro: el elemento ``index`` de un arreglo, en cada carril."""

    ref: ArrayRef
    index: tuple[Any, ...]

    def field(self, name: str) -> RecordRef | ArrayRef:
        """El lugar de un campo; si es un arreglo, él mismo, que nunca se lee byte a byte."""
        if self.ref.info.dtype.fields[name][0].subdtype is None:
            return RecordRef(self.ref.field(name), self.index)
        whole, n = self.ref.nested(name, False), len(self.ref.shape)
        rows = dataclasses.replace(whole, shape=whole.shape[:n], strides=whole.strides[:n])
        return dataclasses.replace(
            whole, shape=whole.shape[n:], strides=whole.strides[n:],
            offset=linear(rows, self.index),
            lead=(*whole.lead, *zip(self.index, rows.shape, strict=True)),
        )  # fmt: skip


def halves(dtype: np.dtype) -> np.dtype:
    """Un complejo como un registro de dos reales."""
    real = np.dtype(f"f{dtype.itemsize // 2}")
    return np.dtype([("real", real), ("imag", real)], align=True)


def c_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Pasos en elementos de un arreglo por filas."""
    out, step = [], 1
    for n in reversed(shape):
        out.append(step)
        step *= max(n, 1)
    return tuple(reversed(out))


def reshaped(shape: list[int], strides: Any, wanted: list[int]) -> tuple[int, ...]:
    """La forma pedida, con su ``-1`` resuelto.

    Raises:
        ValueError: si el arreglo no es contiguo o los elementos no son los mismos.
    """
    total, known = math.prod(shape), math.prod(n for n in wanted if n != -1)
    new = tuple(total // max(known, 1) if n == -1 else n for n in wanted)
    plain = all(n == 1 or s == c for n, s, c in zip(shape, strides, c_strides(tuple(shape))))
    if not plain or min(wanted) < -1 or wanted.count(-1) > 1 or math.prod(new) != total:
        raise ValueError(wanted)
    return new


def wrap_negative(i: Any, n: Any) -> Any:
    """Un índice negativo cuenta desde el final; si aún es negativo, queda fuera de todo."""
    i = np.where(i < 0, i + n, i)
    return np.where(i < 0, FAR, i)[()]


def lowest(i: Any) -> Any:
    return i.min(initial=0) if isinstance(i, np.ndarray) else i


def linear(ref: ArrayRef, index: tuple[Any, ...]) -> Any:
    """Índice lineal de los carriles, con los negativos ya contados desde el final."""
    lin = ref.offset
    plain = not isinstance(lin, np.ndarray | np.generic) and lin == 0
    for i, n, step in zip(index, ref.shape, ref.strides, strict=True):
        if i.dtype.kind == "u":
            i = i.astype(np.int64)
            i = np.where(i < 0, FAR, i)[()] if lowest(i) < 0 else i
        elif lowest(i) < 0:
            i = wrap_negative(i, n)
        term = i if step == 1 else i * step
        lin, plain = (term if plain else lin + term), False
    return lin if isinstance(lin, np.ndarray | np.generic) else np.int64(lin)


def outside(ref: ArrayRef, index: tuple[Any, ...], mask: Any) -> Any:
    """Carriles activos con algún índice fuera de la forma; ``False`` si ninguno."""
    bad: Any = False
    for i, n in (*ref.lead, *zip(index, ref.shape, strict=True)):
        low = 0 if i.dtype.kind == "u" else -n
        if isinstance(n, np.ndarray) or not _between(i, low, n):
            bad = bad | (i >= n) | (i < low)
    bad = bad & mask if mask is not True else bad
    return bad if np.any(bad) else False


def _between(i: Any, low: Any, n: Any) -> bool:
    """Si el índice está en ``[low, n)`` en todos los carriles, también en los inactivos."""
    if not isinstance(i, np.ndarray):
        return bool(low <= i < n)
    return bool(i.min(initial=0) >= low and i.max(initial=-1) < n)
