"""El informe como HTML autónomo: sin guiones, sin recursos externos, en claro y en oscuro."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Any

from urdimbre.grading.messages import STATUS

BORDERS = {"ok": "#2e8b57", "failed": "#c0392b", "pending": "#8a8a8a", "unused": "#8a8a8a"}
BOX = "border-left:4px solid {color};padding:.2em .8em;margin:.4em 0"
MONO = (
    "white-space:pre;overflow-x:auto;font-family:ui-monospace,monospace;font-size:.8em;"
    "margin:.3em 0"
)


def render(report: Any) -> str:
    """``<section>`` con las capas, lo encontrado y el dibujo, todo escapado."""
    parts = [
        f'<section lang="es" aria-label="Informe de {escape(report.exercise)}">',
        f"<p><strong>{escape(report.title)}</strong> <code>{escape(report.exercise)}</code></p>",
        f'<ul style="list-style:none;padding:0">{"".join(map(_layer, report.layers))}</ul>',
        *map(_note, report.findings),
        *map(_remark, report.advice),
        f'<figure style="margin:.6em 0">{report.picture}</figure>' if report.picture else "",
        f"<p>{escape(report.summary)}</p>",
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _layer(layer: Any) -> str:
    style = BOX.format(color=BORDERS[layer.status])
    status = escape(STATUS[layer.status])
    return f'<li style="{style}">{escape(layer.label)} <strong>{status}</strong></li>'


def _note(note: Any) -> str:
    first, _, rest = note.message.partition("\n")
    style = BOX.format(color=BORDERS["failed"])
    return (
        f'<div style="{style}"><strong>{escape(first)}</strong> '
        f"<code>{escape(note.code)}</code>{body(rest)}</div>"
    )


def _remark(text: str) -> str:
    """Una observación que no resta: sin título ni color."""
    return f'<div style="margin:.6em 0">{body(text)}</div>'


def body(text: str) -> str:
    """El detalle de una nota, escapado: párrafos, y las tablas y el código con letra fija."""
    return "".join(map(_detail, groupby(text.splitlines(), quoted)))


def quoted(line: str) -> bool:
    """Código citado o una fila de la tabla de valores: van alineados, con letra fija."""
    return line.startswith("    ") or "  " in line.strip()


def _detail(part: tuple[bool, Iterable[str]]) -> str:
    quoted, lines = part
    if quoted:
        return f'<div style="{MONO}">{escape(chr(10).join(lines))}</div>'
    return "".join(f'<p style="margin:.3em 0">{escape(line.strip())}</p>' for line in lines)
