"""Un kernel: su código, y lo que se compila de él para cada firma."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError, LaunchError, UnsupportedError
from urdimbre.sim.frontend.foreign import translate
from urdimbre.sim.frontend.inspection import describe
from urdimbre.sim.frontend.source import Source, from_function
from urdimbre.sim.frontend.typing import Typer
from urdimbre.sim.functions.grid_group import cooperative
from urdimbre.sim.host.launch import Launch
from urdimbre.sim.lower.schedule import scheduled
from urdimbre.sim.lower.statements import function as lower
from urdimbre.sim.typed import ir

MACHINE_CODE = frozenset((
    "inspect_asm", "inspect_llvm", "inspect_sass", "inspect_sass_cfg", "inspect_lto_ptx",
    "definitions", "overloads", "nopython_signatures", "get_regs_per_thread",
    "get_shared_mem_per_block", "get_const_mem_size", "get_local_mem_per_thread",
    "get_max_threads_per_block", "specialize", "disable_compile",
))  # fmt: skip


@dataclasses.dataclass(eq=False)
class Compiled:
    """Un kernel tipado y listo para correr con unos tipos de argumentos."""

    function: ir.Function
    execute: Callable[..., Any]
    shared_bytes: int
    local_bytes: int
    cooperative: bool = False

    @cached_property
    def scheduled(self) -> Callable[..., Any]:
        """El kernel con los warps en orden sorteado."""
        return scheduled(self.function)

    @cached_property
    def sources(self) -> dict[int, str]:
        """Texto de las líneas de las funciones de dispositivo que usa."""
        return {line: text for f in ir.callees(self.function) for line, text in f.lines.items()}


class Kernel:
    """Un kernel o una función de dispositivo del simulador.

    Attributes:
        py_func: la función de Python, o ``None`` si se leyó de un texto.
        device: si se decoró con ``device=True``.
        contracts: si el compilador real fundiría productos y sumas en una FMA.
        options: las opciones de ``cuda.jit``; aquí solo cuentan ``debug`` y ``opt``.
    """

    def __init__(
        self, py_func: Any = None, *, definition: Source | None = None, device: bool = False,
        signatures: tuple[Any, ...] = (), contracts: bool = True,
        options: Mapping[str, Any] | None = None,
    ):  # fmt: skip
        self.py_func, self.device, self.signatures = py_func, device, signatures
        self.contracts, self.options = contracts, dict(options or {})
        self._definition = definition
        self._compiled: dict[tuple[Any, ...], Compiled] = {}
        self._device: dict[tuple[Any, ...], ir.Function | None] = {}
        self.__name__ = definition.name if definition else py_func.__name__
        self.__doc__ = getattr(py_func, "__doc__", None)
        self.__module__ = getattr(py_func, "__module__", None)

    @cached_property
    def definition(self) -> Source:
        """El código, leído la primera vez que hace falta."""
        return self._definition or from_function(self.py_func)

    name = property(lambda self: self.__name__)
    debug = property(lambda self: bool(self.options.get("debug")))
    source = property(lambda self: self.definition.text)
    filename = property(lambda self: self.definition.filename)

    def __getattr__(self, name: str) -> Any:
        if name in MACHINE_CODE:
            raise AttributeError(
                f"«{name}» depende del código de máquina, y el simulador no lo genera. Con Numba "
                "CUDA instalado, urdimbre.compile_report(kernel, args) y «urdimbre compilar» dan "
                "lo que genera el compilador, sin GPU."
            )
        raise AttributeError(f"Un kernel no tiene «{name}».")

    def __repr__(self) -> str:
        kind = "función de dispositivo" if self.device else "kernel"
        return f"<{kind} «{self.name}» (simulador)>"

    def __getitem__(self, config: Any) -> Launch:
        return Launch.configured(self, config)

    def forall(self, ntasks: int, tpb: int = 0, stream: Any = 0, sharedmem: int = 0) -> Launch:
        """Lanzamiento de una dimensión que cubre ``ntasks`` hilos."""
        if ntasks < 0:
            raise ArgumentError(f"forall pide cuántos hilos hacen falta; recibe {ntasks}.")
        tpb = tpb or 128
        return self[-(-ntasks // tpb) or 1, tpb, stream, sharedmem]

    def __call__(self, *args: Any) -> Any:
        if self.device:
            raise LaunchError(
                f"«{self.name}» es una función de dispositivo: solo se llama desde un kernel."
            )
        raise LaunchError(
            f"Falta la configuración de lanzamiento: {self.name}[bloques, hilos](...)."
        )

    def compile(self, types: tuple[Any, ...], fma: bool = True) -> Compiled:
        """El kernel para estos tipos de argumentos; se hace una vez por firma.

        Raises:
            KernelError: con la línea, si no se puede compilar.
        """
        key = (types, fma and self.contracts)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(*key)
        return found

    def _compile(self, types: tuple[Any, ...], fma: bool) -> Compiled:
        try:
            fn = Typer(self.definition, types, fma=fma, debug=self.debug).function()
            declared = _declared(fn)
            used = {
                space: sum(_declared_bytes(d) for d in declared if d.space == space)
                for space in ("shared", "local")
            }
            return Compiled(fn, lower(fn), used["shared"], used["local"], cooperative(fn))
        except RecursionError:
            raise UnsupportedError(
                f"«{self.name}» anida demasiado sus expresiones o sus bloques.",
                line=self.definition.first_line,
            ) from None

    def inspect_types(self, file: Any = None) -> None:
        """Imprime los tipos inferidos, línea por línea, de cada firma ya compilada.

        Args:
            file: dónde se escribe; si no se dice, en la salida.
        """
        if not self.device:
            for signature in self.signatures:
                self.compile(signature)
        names = [a.arg for a in self.definition.node.args.args]
        made = [(types, c.function) for (types, _), c in self._compiled.items()]
        made += [(types, fn) for (types, _), fn in self._device.items() if fn is not None]
        for types, fn in made:
            print(describe(fn, names, types), file=file)

    def device_function(self, types: tuple[Any, ...], typer: Any, node: Any) -> ir.Function:
        """La función tipada para llamarla desde otro kernel."""
        key = (types, typer.fma)
        if key in self._device and self._device[key] is None:
            raise typer.fail(f"«{self.name}» se llama a sí misma: la recursión no está en este "
                             "simulador.", node, UnsupportedError)  # fmt: skip
        if key not in self._device:
            self._device[key] = None
            try:
                made = Typer(self.definition, types, device=True, fma=typer.fma, debug=self.debug)
                self._device[key] = made.function()
            finally:
                if self._device[key] is None:
                    del self._device[key]
        return self._device[key]


def _declared_bytes(d: ir.Declare) -> int:
    return int(np.prod(d.shape)) * d.type.dtype.itemsize


def _declared(fn: ir.Function) -> list[ir.Declare]:
    """Arreglos compartidos y locales de la función y de las que llama."""
    return list({id(n): n for n in ir.walk(fn) if isinstance(n, ir.Declare)}.values())


def contracts(options: Mapping[str, Any]) -> bool:
    """Si con esas opciones de ``cuda.jit`` el compilador real funde productos y sumas.

    Solo ``debug=True, opt=False`` lo evita: con ``opt=False`` los funde el ensamblador.
    """
    return not (options.get("debug") and options.get("opt") is False)


def as_kernel(obj: Any) -> Kernel:
    """El kernel del simulador que corresponde a ``obj``.

    Acepta un kernel del simulador, uno de Numba (por su ``py_func``) o una función.

    Raises:
        ArgumentError: si no es nada de eso.
    """
    if isinstance(obj, Kernel):
        return obj
    if isinstance(obj, Launch):
        return obj.kernel
    if hasattr(obj, "py_func") and hasattr(obj, "targetoptions"):
        return translate(obj)
    if callable(obj) and hasattr(obj, "__code__"):
        return Kernel(obj)
    raise ArgumentError(f"Se esperaba un kernel (una función con @cuda.jit) y es {obj!r}.")
