"""El primer kernel del curso: al correr, dice con qué trabaja este equipo."""

from __future__ import annotations

import numpy as np

from urdimbre.backend import enable

THREADS, BLOCKS = 128, 2
RIGHT = "Un primer kernel sumó {n} parejas con {n} hilos. El resultado es correcto."
WRONG = "Un primer kernel dio un resultado equivocado. Corre «urdimbre doctor»."
FAILED = "Un primer kernel no pudo correr ({error}). Corre «urdimbre doctor»."


def first_kernel() -> str:
    """Corre una suma de vectores y cuenta qué backend la hizo y si salió bien."""
    backend = enable(quiet=True)
    try:
        return f"{backend}\n{(RIGHT if _adds() else WRONG).format(n=THREADS * BLOCKS)}"
    except Exception as error:  # abrir el curso importa más que este saludo
        return f"{backend}\n{FAILED.format(error=error)}"


def _adds() -> bool:
    from numba import cuda

    @cuda.jit
    def add(a, b, out):
        i = cuda.grid(1)
        if i < out.size:
            out[i] = a[i] + b[i]

    a = np.arange(THREADS * BLOCKS, dtype=np.float32)
    out = np.zeros_like(a)
    add[BLOCKS, THREADS](a, a * np.float32(2), out)
    return bool(np.array_equal(out, a * np.float32(3)))
