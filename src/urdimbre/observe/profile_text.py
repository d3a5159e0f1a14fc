"""El perfil como texto, para la terminal."""

from __future__ import annotations

from typing import Any

from urdimbre.observe.advice import Advice
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import Finding
from urdimbre.observe.profile_limits import card_notes, traffic_rows
from urdimbre.observe.profile_rows import (
    COLUMNS,
    headline,
    source_rows,
    total_rows,
    used_columns,
)
from urdimbre.observe.tally import NOT_MODELLED
from urdimbre.sim.events import LaunchInfo


def profile_text(profile: Any) -> str:
    """El perfil entero: totales, código anotado, hallazgos, consejos y lo que no se modela."""
    launch, counters = profile.launch, profile.counters
    sections = (
        [headline(launch)],
        _totals(counters),
        _traffic(profile),
        card_notes(profile),
        _annotated(launch, counters),
        _findings(profile.findings),
        _advice(profile.advice),
        ["No se modela:", *(f"  {note}" for note in NOT_MODELLED)],
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _totals(counters: Counters) -> list[str]:
    rows = total_rows(counters.total)
    if not rows:
        return ["El kernel no tocó memoria ni decidió nada."]
    label, value = (max(len(row[i]) for row in rows) for i in (0, 1))
    lines = [f"  {a:<{label}}  {b:>{value}}  {ncu}".rstrip() for a, b, ncu in rows]
    return ["Total (a la derecha, el nombre en Nsight Compute):", *lines]


def _traffic(profile: Any) -> list[str]:
    rows = traffic_rows(profile)
    label, value = (max((len(row[i]) for row in rows), default=0) for i in (0, 1))
    lines = [f"  {a:<{label}}  {b:>{value}}  {meaning}" for a, b, meaning in rows]
    return ["Memoria global y cálculo:", *lines] if lines else []


def _annotated(launch: LaunchInfo, counters: Counters) -> list[str]:
    used = used_columns(counters)
    titles = [COLUMNS[i].title for i in used]
    rows = source_rows(launch, counters)
    cells = [["" if t is None else COLUMNS[i].cell(t) for i in used] for _, t, _ in rows]
    widths = [max(len(x) for x in column) for column in zip(titles, *cells, strict=True)]
    head = _line("línea", titles, widths, "código")
    body = [_line(n, row, widths, text) for (n, _, text), row in zip(rows, cells, strict=True)]
    return ["Por línea:", head, *body]


def _line(number: str, cells: list[str], widths: list[int], code: str) -> str:
    aligned = [f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)]
    return "  ".join([f"{number:>5}", *aligned, f"| {code}"]).rstrip()


def _findings(findings: list[Finding]) -> list[str]:
    if not findings:
        return ["Hallazgos: ninguno."]
    return [f"Hallazgos: {len(findings)}.", *(f"- {finding}" for finding in findings)]


def _advice(found: list[Advice]) -> list[str]:
    return ["Consejos:", *(f"- {advice}" for advice in found)] if found else []
