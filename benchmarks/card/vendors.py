"""Con qué se compara cada escalera: lo que hace lo mismo y ya viene hecho.

Cada fila prepara su cuenta sobre los mismos arreglos que el peldaño, sin copiarlos, y devuelve
una función sin argumentos que la lanza. Si falta la biblioteca, se lanza ``ImportError`` y la
fila queda como fallida, con la razón.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

os.environ["CUPY_TF32"] = "0"  # antes de importar CuPy: cuBLAS en float32 de verdad
os.environ["CUPY_ACCELERATORS"] = "cub"

COPIED = 1 << 27  # elementos float32 de la copia con que se compara: 512 MiB


@dataclass(frozen=True)
class Vendor:
    """Una referencia.

    Attributes:
        prepare: recibe ``cuda`` y los argumentos en el dispositivo; da la función que lanza.
        moved: bytes que mueve, si es la copia con que se mide el ancho de banda.
    """

    name: str
    label: str
    prepare: Callable[[Any, tuple], Callable[[], Any]]
    moved: Callable[[Any], int] = lambda cuda: 0


def _copy(cuda: Any, args: tuple) -> Callable[[], Any]:
    """La copia del controlador dentro de la tarjeta, sin CuPy."""
    source = cuda.device_array(copied_elements(cuda), np.float32)
    target = cuda.device_array_like(source)
    return lambda: target.copy_to_device(source)


def copied_elements(cuda: Any) -> int:
    """Cuántos elementos se copian: 512 MiB, o menos si la tarjeta es pequeña."""
    return min(COPIED, int(cuda.current_context().get_memory_info().total) // 32)


def _transpose(cuda: Any, args: tuple) -> Callable[[], Any]:
    cupy, (a, b) = _cupy(*args[:2])
    return lambda: cupy.copyto(b, a.T)


def _sum(cuda: Any, args: tuple) -> Callable[[], Any]:
    cupy, (x, out) = _cupy(*args[:2])
    total = out.reshape(())
    return lambda: cupy.sum(x, out=total)


def _cumsum(cuda: Any, args: tuple) -> Callable[[], Any]:
    """La de CUB, en su lugar: ``cupy.cumsum`` copia antes la entrada, que también tarda."""
    cupy, (x, out) = _cupy(*args[:2])
    cub = cupy.cuda.cub
    cupy.copyto(out, x)
    return lambda: cub.device_scan(out, cub.CUPY_CUB_CUMSUM)


def _matmul(cuda: Any, args: tuple) -> Callable[[], Any]:
    cupy, (a, b, c) = _cupy(*args[:3])
    return lambda: cupy.matmul(a, b, out=c)


def _softmax(cuda: Any, args: tuple) -> Callable[[], Any]:
    torch, (x, _) = _torch(*args[:2])
    return lambda: torch.softmax(x, dim=-1)


def _attention(half: bool = False, causal: bool = False) -> Callable:
    def prepare(cuda: Any, args: tuple) -> Callable[[], Any]:
        torch, given = _torch(*args[:3])
        four = [x.reshape((1,) * (4 - x.ndim) + tuple(x.shape)) for x in given]
        q, k, v = (x.half() if half else x for x in four)
        attend = torch.nn.functional.scaled_dot_product_attention
        return lambda: attend(q, k, v, is_causal=causal)

    return prepare


def _cupy(*arrays: Any) -> tuple[Any, list[Any]]:
    import cupy

    return cupy, [cupy.asarray(a) for a in arrays]


def _torch(*arrays: Any) -> tuple[Any, list[Any]]:
    import torch

    torch.backends.cuda.matmul.allow_tf32 = False
    return torch, [torch.as_tensor(a, device="cuda") for a in arrays]


VENDORS = (
    Vendor("copy", "la copia del controlador", _copy, lambda cuda: 8 * copied_elements(cuda)),
    Vendor("cupy_transpose", "CuPy", _transpose),
    Vendor("cub_sum", "CUB", _sum),
    Vendor("cub_cumsum", "CUB", _cumsum),
    Vendor("cublas", "cuBLAS", _matmul),
    Vendor("torch_softmax", "PyTorch", _softmax),
    Vendor("torch_attention", "PyTorch en float32", _attention()),
    Vendor("torch_attention_half", "PyTorch en float16", _attention(half=True)),
    Vendor("torch_attention_causal", "PyTorch en float32", _attention(causal=True)),
)
BY_NAME = {vendor.name: vendor for vendor in VENDORS}
