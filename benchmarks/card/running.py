"""Correr un peldaño en el ``numba.cuda`` que haya, y comparar con lo esperado."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from card import chapters
from card.cases import Case
from card.ladders import Ladder, Rung


def kernels_of(ladder: Ladder, cuda: Any) -> dict[str, Any]:
    """Los kernels del capítulo de una escalera, hechos con ``cuda``."""
    return chapters.load(ladder.chapter, cuda)


def on_device(case: Case, cuda: Any) -> tuple[Any, ...]:
    """Los argumentos del caso, copiados al dispositivo."""
    return tuple(cuda.to_device(a) if isinstance(a, np.ndarray) else a for a in case.args)


def launcher(rung: Rung, n: int, kernels: dict[str, Any], args: tuple[Any, ...]) -> Callable:
    """Una función sin argumentos que hace todos los lanzamientos del peldaño, sin esperar."""
    ready = [
        (kernels[s.kernel][s.grid, s.block, 0, s.shared], tuple(args[i] for i in s.args))
        for s in rung.steps(n)
    ]

    def launch() -> None:
        for configured, given in ready:
            configured(*given)

    return launch


def error_of(ladder: Ladder, rung: Rung, n: int, kernels: dict[str, Any], cuda: Any) -> dict:
    """Corre el peldaño una vez con tamaño ``n``.

    Returns:
        ``{"size", "error", "allowed", "right"}``; ``error`` es el mayor error absoluto.
    """
    case = ladder.case_of(rung)(n)
    args = on_device(case, cuda)
    launcher(rung, n, kernels, args)()
    cuda.synchronize()
    return compared(case, args, n)


def compared(case: Case, args: tuple[Any, ...], n: int) -> dict:
    """Lo que dejó un peldaño en sus argumentos, contra lo esperado; un NaN nunca está bien."""
    errors = [
        float(np.abs(args[i].copy_to_host().astype(np.float64) - wanted).max(initial=0.0))
        for i, wanted in case.expected().items()
    ]
    worst = float(np.max(errors))
    return {
        "size": n,
        "error": worst if np.isfinite(worst) else None,
        "allowed": case.allowed,
        "right": bool(worst <= case.allowed),
    }
