"""Un kernel con otras constantes, para que su traza quepa en un dibujo."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from urdimbre import sim


def smaller(kernel: Any, **constants: Any) -> Any:
    """El mismo kernel con esos valores en sus constantes globales, en el simulador.

    Args:
        kernel: un kernel de Numba CUDA o del simulador.
        constants: por nombre, las que cambian; las demás quedan como están.

    Raises:
        KeyError: si el kernel no usa una constante con ese nombre.
    """
    function = kernel.py_func
    for name in constants:
        if name not in function.__globals__:
            raise KeyError(f"«{function.__name__}» no tiene una constante «{name}».")
    names = {**function.__globals__, **constants}
    return sim.as_kernel(FunctionType(function.__code__, names, function.__name__))
