"""El simulador contra el evaluador, en un programa."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import evaluate
import numpy as np
import program as P

from urdimbre import sim


def simulate(program: P.Program, **options: Any) -> np.ndarray:
    """La salida del simulador; cualquier aviso es un error."""
    kernel = sim.load_source(program.text)["kernel"]
    arrays, out = copy.deepcopy(program.arrays), program.out.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with sim.options(**options):
            kernel[program.grid, program.block](*arrays.values(), *program.scalars.values(), out)
    return out


def difference(program: P.Program) -> str:
    """En qué difieren; vacío si son iguales bit a bit (un NaN vale por otro)."""
    wanted, got = evaluate.run(program), simulate(program)
    same = (
        (wanted == got) & (np.signbit(wanted) == np.signbit(got))
        if wanted.dtype.kind == "f"
        else wanted == got
    )  # noqa: E501
    if wanted.dtype.kind == "f":
        same |= np.isnan(wanted) & np.isnan(got)
    if same.all():
        return ""
    where = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"en {where}: evaluador {wanted[where]!r}, simulador {got[where]!r}"
