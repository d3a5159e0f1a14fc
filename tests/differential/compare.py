"""El simulador contra el evaluador, en un programa."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import evaluate
import numpy as np
import program as P
import write

from urdimbre import sim


def simulate(program: P.Program, observers: Any = (), **options: Any) -> dict[str, np.ndarray]:
    """Los arreglos como los deja el simulador; cualquier aviso es un error."""
    kernel = sim.load_source(write.text(program))["kernel"]
    arrays, out = copy.deepcopy(program.arrays), program.out.copy()
    launch = kernel[program.grid, program.block, 0, program.shared_bytes]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with sim.options(**options), sim.observing(*observers):
            launch(*arrays.values(), *program.scalars.values(), out)
    return arrays | {"out": out}


def difference(program: P.Program, **options: Any) -> str:
    """En qué difieren; vacío si son iguales bit a bit (un NaN vale por otro)."""
    wanted, got = evaluate.run(program), simulate(program, **options)
    found = [first_difference(name, wanted[name], got[name]) for name in wanted]
    return "; ".join(filter(None, found))


def first_difference(name: str, wanted: np.ndarray, got: np.ndarray) -> str:
    same = equal_bits(wanted, got)
    if same.all():
        return ""
    where = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"{name}{list(where)}: evaluador {wanted[where]!r}, simulador {got[where]!r}"


def equal_bits(wanted: np.ndarray, got: np.ndarray) -> np.ndarray:
    """Elemento a elemento: mismos bits, o los dos NaN."""
    raw = np.dtype(f"u{wanted.dtype.itemsize}")
    same = np.ascontiguousarray(wanted).view(raw) == np.ascontiguousarray(got).view(raw)
    if wanted.dtype.kind == "f":
        same |= np.isnan(wanted) & np.isnan(got)
    return same
