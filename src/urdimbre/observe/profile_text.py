"""El perfil como texto, para la terminal."""

from __future__ import annotations

from urdimbre.observe.advice import advise
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import Finding
from urdimbre.observe.profile_rows import (
    COLUMNS,
    headline,
    source_rows,
    total_rows,
    used_columns,
)
from urdimbre.observe.tally import NOT_MODELLED
from urdimbre.sim.events import LaunchInfo


def profile_text(launch: LaunchInfo, counters: Counters, findings: list[Finding]) -> str:
    """El perfil entero: totales, código anotado, hallazgos, consejos y lo que no se modela."""
    sections = (
        [headline(launch)],
        _totals(counters),
        _annotated(launch, counters),
        _findings(findings),
        _advice(launch, counters),
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


def _annotated(launch: LaunchInfo, counters: Counters) -> list[str]:
    used = used_columns(counters)
    titles = [COLUMNS[i].title for i in used]
    rows = source_rows(launch, counters)
    cells = [["" if t is None else COLUMNS[i].cell(t) for i in used] for _, t, _ in rows]
    widths = [max(len(x) for x in column) for column in zip(titles, *cells, strict=True)]
    head = _line("línea", titles, widths, "código")
    body = [_line(str(n), row, widths, text) for (n, _, text), row in zip(rows, cells, strict=True)]
    return ["Por línea:", head, *body]


def _line(number: str, cells: list[str], widths: list[int], code: str) -> str:
    aligned = [f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)]
    return "  ".join([f"{number:>5}", *aligned, f"| {code}"]).rstrip()


def _findings(findings: list[Finding]) -> list[str]:
    if not findings:
        return ["Hallazgos: ninguno."]
    return [f"Hallazgos: {len(findings)}.", *(f"- {finding}" for finding in findings)]


def _advice(launch: LaunchInfo, counters: Counters) -> list[str]:
    found = advise(launch, counters.by_line, counters.total)
    return ["Consejos:", *(f"- {advice}" for advice in found)] if found else []
