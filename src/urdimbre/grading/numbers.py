"""Cómo se escribe en un informe un número y el elemento de un arreglo."""

from __future__ import annotations

import numpy as np


def number(value: object) -> str:
    """Un número en pocas cifras, sin el envoltorio de NumPy."""
    value = value.item() if isinstance(value, np.generic) else value
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def element(name: str, index: tuple[int, ...]) -> str:
    """``out[3, 1]``, como lo escribe el kernel."""
    return f"{name}[{', '.join(map(str, index))}]"
