"""Las figuras de un perfil, en una sola llamada: ``plot(profile(kernel[malla, bloque], ...))``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from matplotlib.figure import Figure

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import TracedAccess
from urdimbre.plots import access, footprint, shared, source
from urdimbre.plots.roofline import roofline as draw_roofline


class Kind(NamedTuple):
    """Una figura.

    Attributes:
        draw: la dibuja a partir del perfil y de sus opciones.
        applies: si el perfil tiene con qué.
        slug, alt: el nombre de su archivo y su texto alternativo.
    """

    draw: Callable[..., Figure]
    applies: Callable[[Any], bool]
    slug: str
    alt: str


def plot(profile: Any, what: str = "source", **options: Any) -> Figure:
    """Dibuja un perfil.

    Args:
        profile: lo que devuelve ``urdimbre.profile``.
        what: ``"source"``, el código con lo que cuesta cada línea; ``"divergence"``, qué carriles
            ejecutan cada línea (con ``by="warps"``, qué warps); ``"sectors"``, los sectores que
            mueve un warp; ``"banks"``, los bancos que pide; ``"roofline"``, el techo de la
            tarjeta que se nombró en ``profile(..., card=)``.
        options: en ``"sectors"`` y ``"banks"``, ``array``, ``block`` y ``warp``; sin ``array``,
            el acceso que más cuesta.

    Raises:
        ArgumentError: si no hay una figura así, o el perfil no tiene con qué dibujarla.
    """
    if what not in KINDS:
        raise ArgumentError(f"No hay una figura «{what}». Las que hay: {', '.join(KINDS)}.")
    if not KINDS[what].applies(profile):
        raise ArgumentError(f"El perfil no tiene con qué dibujar «{what}»: {MISSING[what]}.")
    return KINDS[what].draw(profile, **options)


def plots(profile: Any) -> dict[str, Figure]:
    """Todas las figuras que este perfil permite, por nombre."""
    return {what: kind.draw(profile) for what, kind in KINDS.items() if kind.applies(profile)}


def _sectors(profile: Any, array: str = "", block: int = 0, warp: int = 0) -> Figure:
    if not array:
        worst = _worst(profile, "global")
        array, block, warp = worst.name, worst.first_block, _first_warp(worst)
    return access.sectors(
        profile.trace, array, (f"«{array}», warp {warp}",), block=block, warp=warp
    )


def _banks(profile: Any, array: str = "", kind: str = "", block: int = 0, warp: int = 0) -> Figure:
    if not array:
        worst = _worst(profile, "shared")
        array, kind, block, warp = worst.name, worst.kind, worst.first_block, _first_warp(worst)
    return shared.bank_map(profile.trace, array, kind or "load", block=block, warp=warp)


def _roofline(profile: Any) -> Figure:
    return draw_roofline([profile.roofline])


def _of(profile: Any, space: str) -> list[TracedAccess]:
    """Los accesos de la traza a una memoria, sin las atómicas, en que participa alguien."""
    return [
        a for a in profile.trace.accesses
        if a.space == space and a.kind != "atomic" and a.mask[0].any()
    ]  # fmt: skip


def _worst(profile: Any, space: str) -> TracedAccess:
    """El acceso en que más gasta el primer warp que participa."""
    return max(_of(profile, space), key=lambda a: footprint.cost(a, a.first_block, _first_warp(a)))


def _first_warp(record: TracedAccess) -> int:
    return int(record.mask[0].any(axis=1).argmax())


KINDS = {
    "source": Kind(
        source.heat_column, lambda p: bool(p.counters.by_place), "codigo",
        "El código del kernel, con una barra por línea: su parte de las transacciones.",
    ),
    "divergence": Kind(
        source.divergence, lambda p: bool(p.activity.by_place), "divergencia",
        "El código del kernel y, por línea, qué carriles del warp la ejecutan.",
    ),
    "sectors": Kind(
        _sectors, lambda p: bool(_of(p, "global")), "sectores",
        "Los sectores de 32 B que mueve un warp en un acceso, y los bytes que pidió.",
    ),
    "banks": Kind(
        _banks, lambda p: bool(_of(p, "shared")), "bancos",
        "Las palabras de memoria compartida que pide un warp, por banco.",
    ),
    "roofline": Kind(
        _roofline, lambda p: p.card is not None and p.intensity > 0, "techo",
        "El techo de la tarjeta y el kernel debajo, según su intensidad aritmética.",
    ),
}  # fmt: skip

MISSING = {
    "source": "el kernel no hizo nada",
    "divergence": "ninguna línea se ejecutó",
    "sectors": "no toca la memoria global",
    "banks": "no toca la memoria compartida",
    "roofline": "nombra una tarjeta con profile(..., card=), y el kernel debe calcular flotantes",
}
