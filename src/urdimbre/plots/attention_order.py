"""En qué orden usa un kernel de atención las claves y los valores, y cuántas veces corrige."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from urdimbre.errors import ArgumentError
from urdimbre.observe.trace import Trace
from urdimbre.plots import footprint, style

ROLES = {"k_tile": ("usa la clave: puntaje", style.SKY, 0),
         "v_tile": ("usa el valor: acumula", style.ORANGE, 1)}  # fmt: skip


def visits(trace: Trace, warp: int = 0) -> list[tuple[str, int]]:
    """``(tesela, fila)`` de cada visita del warp, en orden, sin repetir la que sigue igual.

    Args:
        trace: un lanzamiento que lee ``k_tile`` y ``v_tile``, de ``(claves, d)``, y en que todo
            el warp lee la misma fila.

    Errors:
        ArgumentError: en la traza nadie lee esas teselas.
    """
    found: list[tuple[str, int]] = []
    for access in trace.accesses:
        if access.kind != "load" or access.name not in ROLES:
            continue
        seen = footprint.warp_elements(access, 0, warp)
        step = (access.name, int(seen[0]) // access.shape[1]) if seen.size else None
        if step and found[-1:] != [step]:
            found.append(step)
    if not found:
        raise ArgumentError("En la traza nadie lee «k_tile» ni «v_tile».")
    return found


def corrections(steps: list[tuple[str, int]]) -> list[int]:
    """Las posiciones donde se pasa de puntajes a valores: ahí se corrige el acumulador."""
    pairs = zip(steps, steps[1:], strict=False)
    return [i + 1 for i, ((a, _), (b, _)) in enumerate(pairs) if (a, b) == ("k_tile", "v_tile")]


def order(traces: Mapping[str, Trace]) -> style.Picture:
    """Una fila de casillas por kernel y por tesela, de izquierda a derecha en el tiempo.

    Cada casilla es el uso de una clave o de un valor, con su número; cada línea gruesa,
    una corrección del acumulador.
    """
    listed = {name: visits(trace) for name, trace in traces.items()}
    fig, axes = style.figure(1.15 * len(listed) + 0.6, nrows=len(listed), squeeze=False)
    for ax, (name, steps) in zip(axes[:, 0], listed.items(), strict=True):
        _row(ax, steps)
        count = len(corrections(steps))
        style.title(ax, f"{name}: {count} {'corrección' if count == 1 else 'correcciones'}")
    _legend(fig)
    return fig


def _row(ax: Axes, steps: list[tuple[str, int]]) -> None:
    style.canvas(ax, len(steps), 2.4)
    for i, (name, row) in enumerate(steps):
        _, fill, level = ROLES[name]
        style.cell(ax, (i, level + 0.2), fill, str(row), font=8)
    for i in corrections(steps):
        ax.plot([i, i], [0.0, 2.4], color=style.INK, lw=2.2)


def _legend(fig: style.Picture) -> None:
    square = {"marker": "s", "lw": 0, "markersize": 8}
    handles = [Line2D([], [], color=fill, label=text, **square) for text, fill, _ in ROLES.values()]
    handles.append(Line2D([], [], color=style.INK, lw=2.2, label="corrige el acumulador"))
    fig.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False, fontsize=9)
