"""Lo que se sabe de los productos y las sumas de un kernel mientras se busca cuáles se funden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from urdimbre.sim.functions.fused import FACTORS
from urdimbre.sim.typed import ir

# Cuándo está lista una expresión: en cuántos ciclos cambia, y su turno (argumentos, lecturas…).
Moment = tuple[int, int]
START: Moment = (0, 0)


@dataclass(eq=False)
class Group:
    """Un producto, escrito una o más veces.

    Attributes:
        uses: las sumas que lo toman, con el lado.
        kept: si hace falta su valor además de las sumas.
    """

    uses: list[tuple[Sum, int]] = field(default_factory=list)
    kept: bool = False


@dataclass(eq=False)
class Operand:
    """Un lado de una suma: el producto que toma, si lo hay, y dónde está escrito.

    Attributes:
        assign: la asignación que lo guardó, si se llega a él por una variable.
        inside: las funciones puestas en su lugar que lo devuelven.
        ready: cuándo está listo.
    """

    minus: bool
    ready: Moment
    product: ir.Apply | None = None
    group: Group | None = None
    assign: ir.Assign | None = None
    inside: tuple[ir.Let, ...] = ()


@dataclass(eq=False)
class Sum:
    """Una suma o una resta de flotantes y sus dos lados."""

    node: ir.Apply
    sides: list[Operand]
    fused: int | None = None

    @property
    def plain(self) -> bool:
        """Suma sin signos: las otras las funde después otro paso del compilador."""
        return self.node.run is np.add and not any(s.minus for s in self.sides)

    def order(self) -> tuple[int, int]:
        """Qué lado se mira primero.

        Lo que no cambia en un ciclo se calcula fuera de él: ahí se funde el otro. En una suma, el
        que está listo antes; en una resta, el de la izquierda.
        """
        adds = self.node.run is np.add
        keys = [(-s.ready[0], s.ready[1] * adds) for s in self.sides]
        return (1, 0) if keys[1] < keys[0] else (0, 1)


@dataclass(eq=False)
class Value:
    """Lo que una asignación deja en su casilla, y cuándo está listo.

    Attributes:
        carried: si es lo que un ciclo arrastra de una vuelta a otra, los valores que puede ser.
        read: si alguien lo necesita tal cual.
    """

    ready: Moment
    assign: ir.Assign | None = None
    group: Group | None = None
    carried: list[Value] = field(default_factory=list)
    read: bool = False

    def keep(self) -> None:
        """Hace falta su valor, y con él el de los productos de que viene."""
        if not self.read:
            self.read = True
            if self.group is not None:
                self.group.kept = True
            for value in self.carried:
                value.keep()


@dataclass
class Point:
    """Lo que se sabe en un punto del kernel.

    Attributes:
        slots: qué pudo quedar en cada casilla.
        known: los productos ya calculados en este camino, por su escritura.
    """

    slots: dict[int, frozenset[Value]]
    known: dict[Any, Group]

    def copy(self) -> Point:
        return Point(dict(self.slots), dict(self.known))


def is_call(e: Any) -> bool:
    """Una función y no un operador: el compilador no la mueve."""
    return isinstance(e, ir.Apply) and e.name.isidentifier()


def is_minus(e: Any) -> bool:
    return isinstance(e, ir.Apply) and e.run is np.negative


def is_product(e: Any) -> bool:
    return isinstance(e, ir.Apply) and e.run in FACTORS and e.type.kind == "f"


def is_sum(e: Any) -> bool:
    return isinstance(e, ir.Apply) and e.run in (np.add, np.subtract) and e.type.kind == "f"
