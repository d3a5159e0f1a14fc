"""Leer y escribir memoria desde los carriles, contándolo a quien observe."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from urdimbre.errors import OutOfBoundsWarning
from urdimbre.sim.events import Access
from urdimbre.sim.memory.references import ArrayRef, linear, outside
from urdimbre.sim.memory.spaces import poison


def load(run: Any, ref: ArrayRef, index: tuple[Any, ...], mask: Any, line: int) -> Any:
    """Valor de ``ref[index]`` en cada carril activo."""
    lin = linear(ref, index)
    try:
        value = ref.store.take(_sanitised(lin, mask, ref.store.size))
    except IndexError:
        value = _load_outside(run, ref, lin, mask, line)
    if run.options.blank_shared and ref.info.space == "shared":
        value = np.zeros_like(value)[()]
    if run.on_access:
        emit(run, "load", ref, index, lin, mask, line, value)
    return value


def store(
    run: Any, ref: ArrayRef, index: tuple[Any, ...], value: Any, mask: Any, line: int
) -> None:
    """``ref[index] = value`` en los carriles activos."""
    lin = linear(ref, index)
    if run.on_access:
        emit(run, "store", ref, index, lin, mask, line, value)
    try:
        ref.store.put(_sanitised(lin, mask, ref.store.size), value, mask)
    except IndexError:
        _store_outside(run, ref, lin, value, mask, line)


def emit(
    run: Any, kind: str, ref: ArrayRef, index: Any, lin: Any, mask: Any, line: int, value: Any,
    used: bool = True, reads: bool = True,
) -> None:  # fmt: skip
    """Construye el evento y lo entrega: solo se llama si alguien observa."""
    size = ref.info.dtype.itemsize
    if ref.store.bytewise:
        pieces, size, value = size, 1, None
    else:
        pieces = 1
    bad = outside(ref, index, mask)
    index = (*(i for i, _ in ref.lead), *index)
    for k in range(pieces):
        event = Access(
            kind, line, ref.info, np.asarray(lin * ref.store.pitch + (ref.info.address + k)),
            mask, size, run.lanes, index, bad, value, used, reads,
        )  # fmt: skip
        for tell in run.on_access:
            tell(event)


def _sanitised(lin: Any, mask: Any, size: int) -> Any:
    """Los carriles inactivos pueden traer basura: se les da un índice válido."""
    if mask is True or not isinstance(lin, np.ndarray) or lin.size == 0:
        return lin
    if lin.size <= 256 and lin.max() < size and lin.min() >= 0:
        return lin
    return np.where(mask, lin, 0)


def _reach(ref: ArrayRef, lin: Any, mask: Any) -> tuple[Any, Any]:
    """Carriles activos que caen dentro de la memoria, y un índice seguro para todos."""
    inside = (lin >= 0) & (lin < ref.store.size) & mask
    return inside, np.where(inside, lin, 0)


def _load_outside(run: Any, ref: ArrayRef, lin: Any, mask: Any, line: int) -> Any:
    warn_outside(run, ref, "leyó", line)
    inside, safe = _reach(ref, lin, mask)
    bad = poison((1,), ref.info.dtype)[0]
    if ref.store.size == 0:
        return bad
    return np.where(inside, ref.store.take(np.atleast_3d(safe)), bad)


def _store_outside(run: Any, ref: ArrayRef, lin: Any, value: Any, mask: Any, line: int) -> None:
    warn_outside(run, ref, "escribió", line)
    inside, safe = _reach(ref, lin, mask)
    if np.any(inside):
        ref.store.put(np.atleast_3d(safe), value, np.atleast_3d(inside))


def warn_outside(run: Any, ref: ArrayRef, verb: str, line: int) -> None:
    """Un aviso por línea y lanzamiento; con memcheck observando, habla memcheck."""
    if run.on_access or (ref.info.name, line) in run.warned:
        return
    run.warned.add((ref.info.name, line))
    warnings.warn_explicit(
        f"El kernel «{run.launch.kernel}» {verb} fuera de «{ref.info.name}» (forma "
        f"{ref.info.shape}) en la línea {line}: {run.launch.source_line(line)}. En una GPU esto "
        "lee o pisa memoria ajena. Falta una guarda, o sobra un índice.",
        OutOfBoundsWarning,
        run.launch.filename,
        line,
    )
