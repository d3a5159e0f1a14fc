"""El avance de un lanzamiento largo, en una línea que se borra al terminar."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

PATIENCE = 1.0  # segundos antes de mostrar algo
SILENCE = "URDIMBRE_SIN_AVANCE"  # variable de entorno que lo calla, como al construir el libro


def tracked(name: str, total: int, step: int) -> Iterator[int]:
    """Los índices ``0, step, 2·step…`` menores que ``total``, contando por dónde va."""
    start, shown = time.monotonic(), False
    for first in range(0, total, step):
        yield first
        if time.monotonic() - start > PATIENCE and _watched():
            done = min(first + step, total)
            _write(f"\rSimulando «{name}»: {100 * done // total:3d} % ({done} de {total} bloques)")
            shown = True
    if shown:
        _write("\r" + " " * 78 + "\r")


def _watched() -> bool:
    """Si hay alguien mirando: una terminal o un notebook."""
    if SILENCE in os.environ or sys.stderr is None:
        return False
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def _write(text: str) -> None:
    """En un notebook va a la salida común: la de errores deja una banda roja aunque se borre."""
    stream = sys.stderr if sys.stderr.isatty() else sys.stdout
    stream.write(text)
    stream.flush()
