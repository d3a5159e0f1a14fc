"""Urdimbre: programación de GPU en español, con o sin GPU.

    import urdimbre
    urdimbre.enable()            # numba.cuda de verdad si hay GPU; si no, el simulador
    from numba import cuda

En un notebook, ``%load_ext urdimbre`` hace lo mismo.
"""

from __future__ import annotations

from typing import Any

from urdimbre.backend import Backend, enable

__version__ = "0.1.0"
__all__ = ["Backend", "check", "compile_report", "enable", "load_ipython_extension", "profile"]


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext urdimbre``."""
    enable()


def check(exercise_id: str, obj: Any, **options: Any) -> Any:
    """Comprueba tu solución de un ejercicio; véase ``urdimbre.grading.check``."""
    from urdimbre.grading import check as run_check

    return run_check(exercise_id, obj, **options)


def profile(
    launch: Any, *args: Any, card: str | None = None, registers: int | str | None = None
) -> Any:
    """Cuenta lo que hace un lanzamiento: ``profile(kernel[malla, bloque], *args)``.

    Con ``card="H100"`` da también el techo y la ocupación; véase ``urdimbre.observe.profile``.
    """
    from urdimbre.observe import profile as run_profile

    return run_profile(launch, *args, card=card, registers=registers)


def compile_report(
    kernel: Any, signature_or_args: Any = None, cc: Any = (8, 0), **options: Any
) -> Any:
    """Compila un kernel con Numba CUDA de verdad, sin GPU: registros, derrames, código, ocupación.

    ``compile_report(kernel[malla, bloque], (x, y, out))``; véase
    ``urdimbre.compiler.report.compile_report``.
    """
    from urdimbre.compiler.report import compile_report as make

    return make(kernel, signature_or_args, cc, **options)
