"""Cómo se escriben en un informe un número, el elemento de un arreglo y una tabla."""

from __future__ import annotations

import numpy as np


def number(value: object) -> str:
    """Un número en pocas cifras, sin el envoltorio de NumPy."""
    value = value.item() if isinstance(value, np.generic) else value
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def element(name: str, index: tuple[int, ...]) -> str:
    """``out[3, 1]``, como lo escribe el kernel."""
    return f"{name}[{', '.join(map(str, index))}]"


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Las filas alineadas: la primera columna a la izquierda y las demás a la derecha.

    Tan angosta como se puede, para que quepa en un teléfono.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return ["  ".join(cells).rstrip() for cells in aligned]
