"""Las operaciones que el compilador funde: qué calcula cada forma de ``a * b + c``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from urdimbre.sim.functions.fma import fma
from urdimbre.sim.typed import ops

# Un producto: en cuántos valores se escribe, sus dos factores y los FLOP de llegar a ellos.
FACTORS = {
    np.multiply: (2, lambda a, b: (a, b), 0),
    ops.SMALL_POWERS[2, False]: (1, lambda x: (x, x), 0),
    ops.SMALL_POWERS[3, False]: (1, lambda x: (x * x, x), 1),
}


@dataclass(frozen=True)
class Fused:
    """``± producto ± sumando`` con un solo redondeo; se llama con los valores, en su orden.

    Attributes:
        product: la función que era el producto.
        last: si el producto va después del sumando.
        minus_product, minus_addend: los signos.
    """

    product: Any
    last: bool
    minus_product: bool
    minus_addend: bool

    @property
    def flops(self) -> int:
        return 2 + FACTORS[self.product][2]

    def __call__(self, *values: Any) -> Any:
        count, factors, _ = FACTORS[self.product]
        parts, c = (values[1:], values[0]) if self.last else (values[:count], values[count])
        a, b = factors(*parts)
        return fma(-a if self.minus_product else a, b, -c if self.minus_addend else c)


def _remainder(a: Any, b: Any) -> Any:
    size, other = np.abs(a), np.abs(b)
    return ops.signed_rest(a, fma(-np.floor(size / other), other, size))


def modulo(a: Any, b: Any) -> Any:
    """``%`` de flotantes: el compilador funde el producto de su resto."""
    return ops.float_mod(a, b, _remainder)


def floor_division(a: Any, b: Any) -> Any:
    """``//`` de flotantes, con el mismo resto."""
    return ops.float_floordiv(a, b, _remainder)


def complex_product(a: Any, b: Any) -> Any:
    """``(ar·br - ai·bi, ai·br + ar·bi)``: de cada suma se funde el primer producto."""
    out = np.empty(np.broadcast_shapes(np.shape(a), np.shape(b)), a.dtype)
    out.real = fma(a.real, b.real, -(a.imag * b.imag))
    out.imag = fma(a.imag, b.real, a.real * b.imag)
    return out[()]


# Lo que por dentro tiene un producto que se funde: (función, clase de tipo) -> su forma fundida.
INSIDE = {
    (ops.float_mod, "f"): modulo,
    (ops.float_floordiv, "f"): floor_division,
    (np.multiply, "c"): complex_product,
}
