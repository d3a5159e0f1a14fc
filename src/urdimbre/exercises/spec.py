"""Las fichas de los ejercicios: datos congelados, sin lógica de corrección.

La misma ficha sirve a ``check`` en el notebook, a pytest, al juez y a nbgrader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

STUB_BODY = "# ESCRIBE TU CÓDIGO AQUÍ\nraise NotImplementedError()"


@dataclass(frozen=True)
class Unit:
    """Una unidad del curso.

    Attributes:
        slug: nombre del módulo, de las carpetas y del notebook.
        number: número de la unidad, desde 1.
        title: título en español.
        needs: números de las unidades en que se apoya.
        hours: cuánto se estima que lleva leerla, con las celdas abiertas, y resolver lo suyo.
    """

    slug: str
    number: int
    title: str
    needs: tuple[int, ...] = ()
    hours: float = 0.0


@dataclass(frozen=True)
class Tolerance:
    """Cuánto puede apartarse un resultado: ``|obtenido - esperado| <= atol + rtol * |esperado|``.

    Attributes:
        rtol, atol: cotas relativa y absoluta; ambas cero exigen igualdad exacta.
        why: de dónde salen, en una frase.
    """

    rtol: float = 0.0
    atol: float = 0.0
    why: str = "el resultado es exacto: no hay redondeo"


@dataclass(frozen=True)
class Limit:
    """Una cota sobre un contador, en un caso con nombre.

    Attributes:
        counter: un campo o una propiedad de ``observe.Tally``, sobre todo el lanzamiento, o
            ``static_shared_bytes``. Los que suelen separar la versión ingenua de la buena:
            ``global_load_sectors`` y ``useful_share`` (accesos coalescidos), ``bank_conflicts``,
            ``atomic_max_lanes`` y ``atomic_contention`` (cuántos carriles esperan por una misma
            dirección), ``barriers_per_block``, ``warp_instructions`` y ``lanes_per_instruction``
            (divergencia; cuentan instrucciones del código). Lo que cada uno no modela está en
            ``observe.METRICS``. ``double_operations`` es toda cuenta en float64, también una
            división o una raíz, que no son FLOP; ``same_value_writers``, los hilos que escriben
            lo mismo que otro en el mismo elemento. Un mínimo de ``shared_load_requests`` exige
            además que el resultado dependa de lo leído (``grading.unused``).
        case: nombre del caso donde se mide.
        most, least: máximo y mínimo permitidos; ``None`` no acota.
        why: por qué la versión ingenua no la cumple, y de dónde sale el número.
    """

    counter: str
    case: str
    most: float | None = None
    least: float | None = None
    why: str = ""

    def __post_init__(self) -> None:
        if (self.most is None) == (self.least is None):
            raise ValueError(f"Límite de {self.counter}: da «most» o «least», y solo uno.")

    @property
    def code(self) -> str:
        """Código del resultado cuando no se cumple."""
        return f"{'over' if self.least is None else 'under'}_limit:{self.counter}"

    def holds(self, value: float) -> bool:
        """Si ``value`` respeta la cota."""
        return value <= self.most if self.least is None else value >= self.least


@dataclass(frozen=True)
class Step:
    """Un lanzamiento de un caso que necesita varios.

    Attributes:
        symbol: qué kernel se lanza.
        args: posiciones de ``Case.args`` que recibe, en orden.
        grid, block: configuración del lanzamiento.
        shared_bytes: memoria compartida dinámica, en bytes.
    """

    symbol: str
    args: tuple[int, ...]
    grid: tuple[int, ...]
    block: tuple[int, ...]
    shared_bytes: int = 0


@dataclass(frozen=True, eq=False)
class Case:
    """Un lanzamiento (o una llamada) con su resultado esperado, calculado antes de correr.

    Un ejercicio con varios kernels da en ``steps`` sus lanzamientos, en orden; todos comparten
    ``args``.

    Attributes:
        name: qué tiene de especial, en español.
        args: argumentos en orden; los arreglos de salida vienen envenenados.
        grid, block: configuración del lanzamiento. Vacías si el sujeto es una función.
        shared_bytes: memoria compartida dinámica, en bytes.
        outputs: posiciones de ``args`` que el kernel escribe.
        expected: lo que cada salida debe contener (o lo que la función debe devolver).
        accumulates: las salidas que el kernel actualiza: no vienen envenenadas, y su contenido
            inicial cuenta.
        steps: los lanzamientos, si son varios.
        names: nombre de cada argumento en los mensajes; vacío, los de la línea ``def``.
    """

    name: str
    args: tuple[Any, ...]
    grid: tuple[int, ...] = ()
    block: tuple[int, ...] = ()
    shared_bytes: int = 0
    outputs: tuple[int, ...] = ()
    expected: tuple[Any, ...] = ()
    accumulates: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def plan(self) -> tuple[Step, ...]:
        """Los lanzamientos en orden; sin ``steps``, el único, con todos los argumentos."""
        everything = tuple(range(len(self.args)))
        return self.steps or (Step("", everything, self.grid, self.block, self.shared_bytes),)


@dataclass(frozen=True)
class Weights:
    """Qué parte de la nota vale cada capa. Suman 1."""

    right: float = 0.5
    clean: float = 0.3
    good: float = 0.2

    def __post_init__(self) -> None:
        if abs(self.right + self.clean + self.good - 1.0) > 1e-12:
            raise ValueError("Los pesos de las capas deben sumar 1.")


@dataclass(frozen=True, eq=False)
class Exercise:
    """Un ejercicio completo.

    Attributes:
        id: identificador, igual en la ficha, la solución y los mutantes.
        unit: ``slug`` de su unidad.
        title: título en español.
        statement: enunciado en Markdown, una oración por línea.
        hints: tres pistas: una pregunta, una señal y casi la respuesta.
        symbol: nombre de lo que el estudiante define.
        signature: línea ``def`` que recibe escrita.
        preamble: importaciones y constantes que recibe escritas; puede estar vacío.
        cases: de un generador aleatorio, los casos.
        tolerance: cuánto se permite y por qué.
        limits: cotas de la capa «bueno».
        subject: ``"kernel"`` o ``"function"``.
        size: cuánto código se espera.
        points: puntos en nbgrader.
        weights: reparto de la nota entre las capas.
        more_signatures: las líneas ``def`` de los demás kernels, si el ejercicio pide varios.
        any_order: si lo correcto se exige también con los warps en otro orden. Es para lo que
            una operación atómica puede desordenar sin que haya carrera.
        same_bits: si además cada orden debe dar, bit por bit, lo mismo. Es para las sumas de
            punto flotante, que en otro orden redondean distinto y siguen dentro de la tolerancia.
    """

    id: str
    unit: str
    title: str
    statement: str
    hints: tuple[str, str, str]
    symbol: str
    signature: str
    preamble: str
    cases: Callable[[np.random.Generator], list[Case]]
    tolerance: Tolerance = field(default_factory=Tolerance)
    limits: tuple[Limit, ...] = ()
    subject: str = "kernel"
    size: str = ""
    points: int = 10
    weights: Weights = field(default_factory=Weights)
    more_signatures: tuple[str, ...] = ()
    any_order: bool = False
    same_bits: bool = False

    @property
    def signatures(self) -> dict[str, str]:
        """La línea ``def`` de cada cosa que el estudiante define, por su nombre y en orden."""
        more = {line.split("(")[0].removeprefix("def "): line for line in self.more_signatures}
        return {self.symbol: self.signature, **more}

    @property
    def symbols(self) -> tuple[str, ...]:
        """Los nombres de todo lo que el estudiante define, en orden."""
        return tuple(self.signatures)

    @property
    def stub(self) -> str:
        """La celda tal como la recibe el estudiante."""
        body = "\n".join(f"    {line}" for line in STUB_BODY.splitlines())
        decorator = "@cuda.jit\n" if self.subject == "kernel" else ""
        head = [self.preamble] if self.preamble else []
        pieces = [f"{decorator}{line}\n{body}" for line in self.signatures.values()]
        return "\n\n\n".join([*head, *pieces]) + "\n"
