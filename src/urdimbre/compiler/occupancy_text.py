"""La ocupación dicha en español, como texto y como HTML."""

from __future__ import annotations

from html import escape
from typing import Any

RESOURCES = {
    "warps": "warps",
    "registers": "registros",
    "shared": "memoria compartida",
    "blocks": "número de bloques",
}

ADVICE = {
    "warps": "El multiprocesador está lleno de warps: no cabe más con este tamaño de bloque.",
    "registers": "Los registros se acaban primero: menos variables vivas, o bloques más pequeños.",
    "shared": "La memoria compartida se acaba primero: una tesela más pequeña deja más bloques.",
    "blocks": "Se llegó al máximo de bloques: usa bloques con más hilos.",
}
NOTHING_FITS = "Ni un bloque cabe: este lanzamiento fallaría."


def occupancy_text(o: Any) -> str:
    """Título, límite por recurso y consejo."""
    width = max(map(len, RESOURCES.values()))
    rows = [f"  {label:<{width}}  {blocks:>3} {mark}".rstrip() for label, blocks, mark in _rows(o)]
    heading = "Bloques por multiprocesador que deja cada recurso:"
    return "\n".join([title(o), heading, *rows, *advice(o)])


def occupancy_html(o: Any) -> str:
    """Lo mismo en una tabla; las marcas van con palabras, no solo con color."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(label)}</th><td>{blocks}</td>'
        f'<td style="text-align:left">{escape(mark)}</td></tr>'
        for label, blocks, mark in _rows(o)
    )
    notes = "".join(f"<p>{escape(line)}</p>" for line in advice(o))
    return (
        f'<section lang="es"><p><strong>{escape(title(o))}</strong></p>'
        '<table><caption style="text-align:left">Bloques por multiprocesador</caption><thead><tr>'
        '<th scope="col" style="text-align:left">recurso</th><th scope="col">bloques</th>'
        f'<th scope="col"></th></tr></thead><tbody>{rows}</tbody></table>{notes}</section>'
    )


def title(o: Any) -> str:
    """Una línea: la ocupación y de qué sale."""
    percent = f"{100 * o.ratio:.1f}".replace(".", ",").removesuffix(",0")
    blocks = f"{o.blocks} bloque" if o.blocks == 1 else f"{o.blocks} bloques"
    return (
        f"Ocupación teórica: {percent} % ({blocks} de {o.threads} hilos, {o.warps} de "
        f"{o.device.warps} warps) en capacidad {o.device.name}, con {o.registers} registros por "
        f"hilo y {o.shared_bytes} B de memoria compartida por bloque"
    )


def advice(o: Any) -> list[str]:
    """Qué cambiar para que quepan más bloques."""
    return [ADVICE[name] for name in o.limiting] if o.blocks else [NOTHING_FITS]


def _rows(o: Any) -> list[tuple[str, int, str]]:
    return [
        (RESOURCES[name], n, "<- limita" if name in o.limiting else "")
        for name, n in o.limits.items()
    ]
