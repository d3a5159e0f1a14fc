"""Lo que infiere el compilador real de Numba CUDA, sin GPU."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
import warnings
from types import SimpleNamespace
from unittest import mock

import numpy as np
import type_codes

CAPABILITY = (8, 0)


def available() -> bool:
    """Si ``numba-cuda`` está instalado."""
    return importlib.util.find_spec("numba_cuda") is not None


def versions() -> dict[str, str]:
    """Las versiones de lo que decide los tipos."""
    return {name: importlib.metadata.version(name) for name in ("numba-cuda", "numba", "numpy")}


def infer(text: str, arg_codes: tuple[str, ...]) -> str:
    """Tipo que devuelve la función ``f`` del texto; ``-`` si el compilador la rechaza.

    Se compila hasta LLVM: una función que se infiere pero no se puede generar se rechaza.
    Donde el compilador necesita un controlador que no está, la respuesta es ``?``.
    """
    from numba import cuda
    from numba.cuda.cudadrv.error import CudaSupportError

    names = {"math": math, "np": np, "cuda": cuda}
    exec(text, names)
    args = tuple(type_codes.to_numba(code) for code in arg_codes)
    try:
        return type_codes.of_numba(_compile(names["f"], args).signature.return_type)
    except CudaSupportError:
        return type_codes.UNKNOWN
    except Exception:  # el compilador falla de muchas maneras; aquí todas son un rechazo
        return type_codes.REJECTED


def _compile(function, args):
    """Compila; a quien pregunte por la GPU se le dice solo su capacidad de cómputo."""
    from numba.cuda.compiler import compile_cuda

    card = SimpleNamespace(compute_capability=CAPABILITY)
    ask = mock.patch("numba.cuda.dispatcher.get_current_device", lambda: card)
    with warnings.catch_warnings(), ask:
        warnings.simplefilter("ignore")
        return compile_cuda(function, None, args, cc=CAPABILITY)
