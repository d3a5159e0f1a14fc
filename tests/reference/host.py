"""Del dispositivo al anfitrión."""

from __future__ import annotations

from typing import Any

import numpy as np


def host(array: Any) -> np.ndarray:
    """El contenido como arreglo de NumPy, también si vive en una GPU."""
    return array.get() if hasattr(array, "get") else np.asarray(array)
