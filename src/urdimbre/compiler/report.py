"""``compile_report``: qué hace el compilador de verdad con un kernel, sin GPU."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from urdimbre.compiler import advice, client, report_html, report_text
from urdimbre.compiler.assembly import Instruction, read_ptx, read_sass
from urdimbre.compiler.devices import DEVICES
from urdimbre.compiler.jobs import THREADS, Job, job_of
from urdimbre.compiler.memory_ops import MemoryOps, double_lines, machine_ops, ptx_ops
from urdimbre.compiler.occupancy import Occupancy, occupancy
from urdimbre.compiler.toolchain import Toolchain, toolchain
from urdimbre.compiler.usage import Usage, usage
from urdimbre.errors import ArgumentError

ALL = tuple(tuple(map(int, name.split("."))) for name in DEVICES)
UNKNOWN_CC = "No hay datos de la capacidad {given}. Las que hay: {known}."


@dataclass(frozen=True)
class Variable:
    """Una variable del código: la línea donde toma ese tipo, su nombre y su tipo de Numba."""

    line: int
    name: str
    type: str


@dataclass(frozen=True)
class Promotion:
    """Una operación que pasa a ``float64``: su línea, los tipos que junta y cómo evitarlo."""

    line: int
    operation: str
    types: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class CompileError:
    """Por qué no compila: en palabras de quien escribe el kernel, y lo que dijo el compilador."""

    line: int
    message: str
    original: str


@dataclass(frozen=True, repr=False)
class CompileReport:
    """Lo que el compilador de Numba CUDA hizo con un kernel.

    Attributes:
        kernel, origin: nombre y archivo o celda.
        first_line, source: la primera línea y el texto del kernel.
        cc: capacidad de cómputo del PTX y del código de máquina, como ``"8.0"``.
        args: el tipo de Numba de cada argumento.
        error: por qué no compila, o ``None``. Si no compila, lo demás está vacío.
        variables: los tipos inferidos.
        promotions: las operaciones que pasan a ``float64`` sin que ningún arreglo lo sea.
        double_lines: las líneas cuyo PTX calcula en ``float64``.
        usages: recursos por capacidad de cómputo.
        refused: las capacidades para las que este compilador no lo acepta, y por qué.
        occupancies: ocupación teórica por capacidad, con bloques de ``threads`` hilos.
        threads: hilos por bloque; 256 si no se dijo.
        ptx, sass: instrucciones, con su línea; ``sass`` está vacío si falta ``nvdisasm``.
        memory: instrucciones de memoria del código de máquina, por espacio, sentido y ancho.
        ptx_memory: las del PTX, por su nombre.
        versions: las del compilador.
    """

    kernel: str
    origin: str
    first_line: int
    source: tuple[str, ...]
    cc: str
    args: tuple[str, ...] = ()
    error: CompileError | None = None
    variables: tuple[Variable, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    double_lines: tuple[int, ...] = ()
    usages: dict[str, Usage] | None = None
    refused: dict[str, str] | None = None
    occupancies: tuple[Occupancy, ...] = ()
    threads: int = THREADS
    ptx: tuple[Instruction, ...] = ()
    sass: tuple[Instruction, ...] = ()
    memory: tuple[MemoryOps, ...] = ()
    ptx_memory: dict[str, int] | None = None
    versions: dict[str, str] | None = None

    @property
    def compiles(self) -> bool:
        """Si el compilador lo acepta."""
        return self.error is None

    @property
    def usage(self) -> Usage | None:
        """Los recursos en la capacidad ``cc``."""
        return (self.usages or {}).get(self.cc)

    @property
    def registers(self) -> int | None:
        """Registros por hilo en la capacidad ``cc``."""
        return self.usage.registers if self.usage else None

    @property
    def summary(self) -> str:
        """Una línea: si compila, con cuántos registros y si hay derrames."""
        return report_text.summary(self)

    def __str__(self) -> str:
        return report_text.report_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return report_html.report_html(self)

    def listing(self) -> str:
        """El PTX y el código de máquina, debajo de la línea de Python que los produjo."""
        return report_text.listing(self)

    def to_dict(self) -> dict[str, Any]:
        """El informe con tipos que JSON entiende."""
        plain = asdict(self)
        plain["occupancies"] = {o.device.name: o.ratio for o in self.occupancies}
        return plain | {"compiles": self.compiles, "registers": self.registers}


def compile_report(
    kernel: Any,
    signature_or_args: Any = None,
    cc: Any = (8, 0),
    *,
    threads: int | None = None,
    shared_bytes: int | None = None,
    capabilities: Iterable[Any] | None = None,
) -> CompileReport:
    """Compila un kernel con Numba CUDA de verdad y cuenta el resultado. No usa la GPU.

    Args:
        kernel: un kernel, o un lanzamiento sin llamar (``kernel[malla, bloque]``), que además dice
            el tamaño del bloque.
        signature_or_args: los argumentos del lanzamiento en una tupla, o una firma como
            ``"void(float32[:], int32)"``. Sobra si el kernel declaró su firma.
        cc: capacidad de cómputo, como ``(8, 0)`` o ``"8.0"``.
        threads: hilos por bloque, para la ocupación.
        shared_bytes: memoria compartida dinámica por bloque, en bytes.
        capabilities: las capacidades de la tabla de ocupación; todas, si no se dice.

    Raises:
        CompilerError: si la cadena de compilación no está instalada.
        ArgumentError: si la firma o la capacidad no se entienden.
    """
    job = job_of(kernel, signature_or_args, threads=threads, shared_bytes=shared_bytes)
    return report_of(job, cc, capabilities)


def report_of(job: Job, cc: Any = (8, 0), capabilities: Iterable[Any] | None = None) -> Any:
    """El informe de una petición; los demás argumentos, como en ``compile_report``."""
    wanted = capability(cc)
    several = ALL if capabilities is None else tuple(map(capability, capabilities))
    ccs = tuple(dict.fromkeys((wanted, *several)))
    answer = client.compile_in_worker(job.frozen, job.types, ccs, True)
    head = _head(job, wanted)
    if not answer["compiles"]:
        error = CompileError(*advice.explain(job.kernel, job.types, answer))
        return CompileReport(**head, error=error)
    return CompileReport(
        **head, **_inferred(answer), **_resources(answer, job),
        **_code(answer["lines"], answer["builds"][wanted], head), threads=job.threads,
    )  # fmt: skip


def capability(cc: Any) -> tuple[int, int]:
    """``(8, 0)`` de ``"8.0"``, ``8.0`` o ``(8, 0)``.

    Raises:
        ArgumentError: si no está en la tabla.
    """
    name = ".".join(map(str, cc)) if isinstance(cc, tuple | list) else str(cc)
    if name not in DEVICES:
        raise ArgumentError(UNKNOWN_CC.format(given=name, known=", ".join(DEVICES)))
    major, minor = name.split(".")
    return int(major), int(minor)


def _head(job: Job, cc: tuple[int, int]) -> dict[str, Any]:
    source = job.kernel.definition
    return {
        "kernel": job.kernel.name, "origin": source.origin or source.filename,
        "first_line": int(source.first_line), "source": source.lines,
        "cc": f"{cc[0]}.{cc[1]}", "versions": toolchain().versions,
    }  # fmt: skip


def _inferred(answer: dict[str, Any]) -> dict[str, Any]:
    promotions = (
        Promotion(line, symbol, kinds, advice.promotion(kinds, written))
        for line, symbol, kinds, written in answer["promotions"]
    )
    return {
        "args": tuple(answer["args"]),
        "variables": tuple(Variable(*row) for row in answer["variables"]),
        "promotions": tuple(promotions),
    }


def _resources(answer: dict[str, Any], job: Job) -> dict[str, Any]:
    usages = {
        f"{cc[0]}.{cc[1]}": usage(build["log"], build["ptx"])
        for cc, build in sorted(answer["builds"].items())
    }
    rows = (
        occupancy(job.threads, u.registers, u.shared_bytes + job.shared_bytes, name)
        for name, u in usages.items()
    )
    refused = {f"{cc[0]}.{cc[1]}": advice.said(why) for cc, why in answer["failed"].items()}
    return {"usages": usages, "refused": refused, "occupancies": tuple(rows)}


def _code(lined: dict[str, Any], plain: dict[str, Any], head: dict[str, Any]) -> dict[str, Any]:
    """El código con sus líneas; las cuentas de memoria, del que se lanzaría."""
    ptx = read_ptx(lined["ptx"], head["origin"], {lined["entry"]: head["kernel"]})
    return {
        "ptx": ptx,
        "sass": disassemble(lined["cubin"], lined["entry"], head["origin"]),
        "memory": machine_ops(disassemble(plain["cubin"], plain["entry"], head["origin"])),
        "ptx_memory": ptx_ops(ptx),
        "double_lines": double_lines(ptx),
    }


def disassemble(
    cubin: bytes, entry: str, origin: str, tools: Toolchain | None = None
) -> tuple[Instruction, ...]:
    """El código de máquina de un ejecutable; vacío si no está ``nvdisasm``."""
    program = (tools or toolchain()).nvdisasm
    if program is None or not cubin:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kernel.cubin"
        file.write_bytes(cubin)
        command = (str(program), "-gi", "-c", str(file))
        done = subprocess.run(command, capture_output=True, text=True)
    return read_sass(done.stdout, entry, origin)
