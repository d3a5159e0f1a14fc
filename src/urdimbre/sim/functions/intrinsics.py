"""Los nombres que ``numba.cuda`` añade al lenguaje, como objetos que el compilador reconoce.

Fuera de un kernel no hacen nada: usarlos ahí es un error que lo explica.
"""

from __future__ import annotations

from typing import Any

from urdimbre.errors import KernelError
from urdimbre.sim.functions.half import HALF
from urdimbre.sim.functions.libdevice import LIBDEVICE

AXES = ("x", "y", "z")


class Intrinsic:
    """Una función que solo existe dentro de un kernel."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise KernelError(
            f"«{self.name}» solo se puede usar dentro de un kernel (una función con @cuda.jit)."
        )

    def __repr__(self) -> str:
        return f"<{self.name} de numba.cuda (simulador)>"


class Value(Intrinsic):
    """Un valor que solo existe dentro de un kernel: ``cuda.laneid``, ``cuda.threadIdx.x``…"""


class Dim3:
    """``threadIdx``, ``blockIdx``, ``blockDim`` y ``gridDim``."""

    def __init__(self, name: str):
        self.name = name
        self.x, self.y, self.z = (Value(f"{name}.{axis}") for axis in AXES)

    def __repr__(self) -> str:
        return f"<{self.name} de numba.cuda (simulador)>"


class Namespace:
    """Un grupo de funciones: ``cuda.atomic``, ``cuda.shared``…"""

    def __init__(self, name: str, members: tuple[str, ...]):
        self.name = name
        for member in members:
            setattr(self, member, Intrinsic(f"{name}.{member}"))

    def __getattr__(self, member: str) -> Any:
        from urdimbre.sim.supported import refuse

        if member.startswith("_"):  # lo pregunta el propio simulador, y buscar parecidos tarda
            raise AttributeError(member)
        raise AttributeError(refuse(f"{self.name}.{member}").message)

    def __repr__(self) -> str:
        return f"<{self.name} de numba.cuda (simulador)>"


threadIdx, blockIdx = Dim3("cuda.threadIdx"), Dim3("cuda.blockIdx")
blockDim, gridDim = Dim3("cuda.blockDim"), Dim3("cuda.gridDim")
laneid, warpsize = Value("cuda.laneid"), Value("cuda.warpsize")
grid, gridsize = Intrinsic("cuda.grid"), Intrinsic("cuda.gridsize")
syncthreads = Intrinsic("cuda.syncthreads")
fp16 = Namespace("cuda.fp16", tuple(HALF))
libdevice = Namespace("cuda.libdevice", tuple(LIBDEVICE))
cg = Namespace("cuda.cg", ("this_grid",))
const = Namespace("cuda.const", ("array_like",))
shared, local = Namespace("cuda.shared", ("array",)), Namespace("cuda.local", ("array",))

WARP_NAMES = (
    "shfl_sync", "shfl_up_sync", "shfl_down_sync", "shfl_xor_sync", "any_sync", "all_sync",
    "eq_sync", "ballot_sync", "match_any_sync", "match_all_sync", "activemask", "lanemask_lt",
    "syncwarp", "syncthreads_count", "syncthreads_and", "syncthreads_or", "threadfence",
    "threadfence_block", "threadfence_system", "nanosleep", "popc", "clz", "brev", "ffs", "fma",
    "cbrt", "selp",
)  # fmt: skip
WARP = {name: Intrinsic(f"cuda.{name}") for name in WARP_NAMES}

LOAD_HINTS, STORE_HINTS = ("ldca", "ldcg", "ldcs", "ldlu", "ldcv"), ("stcg", "stcs", "stwb", "stwt")
HINTS = {name: Intrinsic(f"cuda.{name}") for name in LOAD_HINTS + STORE_HINTS}

ATOMIC_OPS = ("add", "sub", "and_", "or_", "xor", "max", "min", "nanmax", "nanmin", "exch", "inc",
              "dec", "cas", "compare_and_swap")  # fmt: skip
atomic = Namespace("cuda.atomic", ATOMIC_OPS)
