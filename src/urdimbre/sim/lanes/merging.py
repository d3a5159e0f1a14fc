"""Juntar lo nuevo de unos carriles con lo viejo de los demás, sea cual sea el valor."""

from __future__ import annotations

from typing import Any

import numpy as np

from urdimbre.sim.memory.references import ArrayRef, RecordRef


def merge(m: Any, new: Any, old: Any) -> Any:
    """Como ``select``, también para tuplas y arreglos."""
    if old is None or m is True:
        return new
    if isinstance(new, tuple):
        return tuple(merge(m, a, b) for a, b in zip(new, old, strict=True))
    if isinstance(new, ArrayRef):
        return _merge_views(m, new, old)
    if isinstance(new, RecordRef):
        return RecordRef(_merge_views(m, new.ref, old.ref), merge(m, new.index, old.index))
    return np.where(m, new, old)


def _merge_views(m: Any, new: ArrayRef, old: ArrayRef) -> ArrayRef:
    if new.store is not old.store or new.strides != old.strides:
        raise ValueError("una variable apunta a arreglos distintos según el hilo")
    shape = tuple(merge(m, np.int64(a), np.int64(b)) if a is not b else a
                  for a, b in zip(new.shape, old.shape, strict=True))  # fmt: skip
    offset = np.where(m, new.offset, old.offset)
    return ArrayRef(new.store, new.info, shape, new.strides, offset, _merge_lead(m, new, old))


def _merge_lead(m: Any, new: ArrayRef, old: ArrayRef) -> tuple[Any, ...]:
    """Los índices ya aplicados de cada carril, si se aplicaron los mismos ejes."""
    if len(new.lead) != len(old.lead):
        return ()
    return tuple((np.where(m, i, j), n) for (i, n), (j, _) in zip(new.lead, old.lead, strict=True))
