"""Compilar un peldaño con el compilador de verdad, en una máquina sin tarjeta."""

from __future__ import annotations

import importlib.util
import re
import warnings
from types import SimpleNamespace
from typing import Any
from unittest import mock

from card import running
from card.ladders import Ladder, Rung

DOUBLE = re.compile(r"\s*(add|sub|mul|fma|div|sqrt)\.\S*f64\b")
CAPABILITY = (9, 0)  # la de una H100 y una H200


def available() -> bool:
    """Si ``numba-cuda`` está instalado; no hace falta un controlador."""
    return importlib.util.find_spec("numba_cuda") is not None


def problem(ladder: Ladder, rung: Rung) -> str:
    """Lo que dice el compilador de un peldaño; vacío si lo acepta.

    También es un problema que la cuenta se haga en ``float64``: los peldaños son ``float32``.
    """
    from numba import cuda

    n = ladder.sizes_of(rung)[-1]
    kernels, args = running.kernels_of(ladder, cuda), ladder.case_of(rung)(n).args
    for step in rung.steps(n):
        try:
            ptx = _ptx(kernels[step.kernel].py_func, tuple(args[i] for i in step.args))
        except Exception as error:  # el compilador falla de muchas maneras
            return f"{step.kernel}: {type(error).__name__}: {str(error).splitlines()[0]}"
        wide = [x.strip() for x in ptx.splitlines() if DOUBLE.match(x)]
        if wide:
            return f"{step.kernel}: hace cuentas en float64 ({wide[0]})"
    return ""


def _ptx(function: Any, args: tuple[Any, ...]) -> str:
    from numba import cuda, typeof

    card = SimpleNamespace(compute_capability=CAPABILITY)
    ask = mock.patch("numba.cuda.dispatcher.get_current_device", lambda: card)
    with warnings.catch_warnings(), ask:
        warnings.simplefilter("ignore")
        return cuda.compile_ptx(function, tuple(map(typeof, args)), cc=CAPABILITY)[0]
