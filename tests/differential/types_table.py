"""Los tipos del evaluador: lo que contestó el compilador real, y nada más."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parents[1] / "compiler" / "golden_types.json"
JOIN = "si y no: a, b"


@cache
def _answers() -> dict:
    return json.loads(GOLDEN.read_text("utf-8"))


@cache
def _position(dtype: np.dtype) -> int:
    return _answers()["dtypes"].index(dtype.str.lstrip("<|"))


def _dtype(code: str) -> np.dtype | None:
    return None if code == "-" else np.dtype("bool" if code == "b1" else code)


@cache
def pair(template: str, a: np.dtype, b: np.dtype) -> np.dtype | None:
    """Tipo de una plantilla de dos argumentos, como ``a + b``; ``None`` si no compila."""
    return _dtype(_answers()["pairs"][template][_position(a)].split()[_position(b)])


@cache
def single(template: str, a: np.dtype) -> np.dtype | None:
    """Tipo de una plantilla de un argumento, como ``-a``."""
    return _dtype(_answers()["singles"][template].split()[_position(a)])


def join(a: np.dtype, b: np.dtype) -> np.dtype | None:
    """Tipo de una variable que llega con los dos tipos."""
    return pair(JOIN, a, b)
