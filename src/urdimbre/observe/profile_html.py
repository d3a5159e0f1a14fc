"""El perfil como HTML para Jupyter: una sola pieza, accesible, con tema claro u oscuro."""

from __future__ import annotations

from html import escape
from typing import Any

from urdimbre.observe.advice import Advice
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import ERROR, INFO, WARNING, Finding
from urdimbre.observe.profile_limits import card_notes, traffic_rows
from urdimbre.observe.profile_rows import (
    COLUMNS,
    headline,
    heat,
    source_rows,
    total_rows,
    used_columns,
)
from urdimbre.observe.tally import NOT_MODELLED, Tally
from urdimbre.sim.events import LaunchInfo

# Colores translúcidos sobre el color del tema: sirven en claro y en oscuro.
STYLE = """
.urd-profile table{border-collapse:collapse;margin:.5em 0;font-variant-numeric:tabular-nums}
.urd-profile caption{text-align:left;font-weight:600;padding:.3em 0}
.urd-profile th,.urd-profile td{padding:.15em .6em;border-bottom:1px solid rgba(128,128,128,.3);
text-align:right;background:none;color:inherit}
.urd-profile .urd-code,.urd-profile .urd-label{text-align:left}
.urd-profile .urd-code{white-space:pre;font-family:monospace}
.urd-profile .urd-ncu{text-align:left;font-family:monospace;font-size:.85em;opacity:.75}
.urd-profile .urd-scroll{overflow-x:auto}
.urd-profile .urd-heat{min-width:4.5em}
"""

LABELS = {ERROR: "Error", WARNING: "Advertencia", INFO: "Información"}


# En línea: la hoja de estilo de Jupyter alinea a la derecha todas las celdas.
LABEL = 'class="urd-label" style="text-align:left"'
HEAT = "parte de las transacciones de memoria del lanzamiento (o de las instrucciones, si no hay)"


def profile_html(profile: Any) -> str:
    """El perfil entero: hallazgos, consejos, código anotado, totales y lo que no se modela."""
    launch, counters = profile.launch, profile.counters
    parts = (
        f"<style>{STYLE}</style>",
        f"<p><strong>{escape(headline(launch))}</strong></p>",
        _findings(profile.findings),
        _advice(profile.advice),
        _annotated(launch, counters),
        _limits(profile),
        _totals(counters),
        _notes(),
    )
    return f'<section class="urd-profile" lang="es">{"".join(parts)}</section>'


def _findings(findings: list[Finding]) -> str:
    if not findings:
        return "<p>Hallazgos: ninguno.</p>"
    items = "".join(
        f"<li><strong>{LABELS[f.severity]}.</strong> {escape(f.message)}</li>" for f in findings
    )
    return f"<p>Hallazgos: {len(findings)}.</p><ul>{items}</ul>"


def _advice(found: list[Advice]) -> str:
    items = "".join(f"<li>{escape(advice.message)}</li>" for advice in found)
    return f"<p>Consejos:</p><ul>{items}</ul>" if found else ""


def _annotated(launch: LaunchInfo, counters: Counters) -> str:
    used = used_columns(counters)
    titles = "".join(
        f'<th scope="col" title="{escape(COLUMNS[i].meaning)}">{COLUMNS[i].title}</th>'
        for i in used
    )
    total = counters.total
    rows = "".join(_row(*row, used, total) for row in source_rows(launch, counters))
    return (
        '<div class="urd-scroll"><table><caption>Por línea</caption><thead><tr>'
        f'<th scope="col">línea</th><th scope="col" title="{HEAT}">calor</th>'
        f'<th scope="col" {LABEL}>código</th>{titles}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(line: str, tally: Tally | None, text: str, used: list[int], total: Tally) -> str:
    cells = "".join(_cell(tally, i) for i in used)
    code = f'<td class="urd-code" style="text-align:left">{escape(text)}</td>'
    bar = _heat_cell(heat(tally, total))
    return f'<tr><th scope="row">{escape(line)}</th>{bar}{code}{cells}</tr>'


def _heat_cell(share: float) -> str:
    """Una barra tan larga como la parte que se lleva la línea; el número va encima."""
    if not share:
        return "<td></td>"
    percent = f"{100 * share:.0f}%"
    paint = f"linear-gradient(90deg,rgba(0,114,178,.45) {percent},transparent {percent})"
    return f'<td class="urd-heat" style="background:{paint}">{percent[:-1]} %</td>'


def _cell(tally: Tally | None, i: int) -> str:
    text = "" if tally is None else COLUMNS[i].cell(tally)
    if not text or not (heat := COLUMNS[i].heat(tally)):
        return f"<td>{text}</td>"
    return f'<td style="background:{_color(heat)}">{text}</td>'


def _color(heat: float) -> str:
    """Naranja más opaco cuanto peor; el número va en la celda."""
    return f"rgba(230,120,0,{0.6 * min(1.0, heat):.2f})"


def _limits(profile: Any) -> str:
    rows = "".join(
        f'<tr><th scope="row" {LABEL}>{escape(label)}</th><td>{value}</td>'
        f"<td {LABEL}>{escape(meaning)}</td></tr>"
        for label, value, meaning in traffic_rows(profile)
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in card_notes(profile))
    if not rows:
        return notes
    caption = "<caption>Memoria global y cálculo</caption>"
    head = (
        f'<tr><th scope="col" {LABEL}>cuenta</th><th scope="col">valor</th>'
        f'<th scope="col" {LABEL}>qué es</th></tr>'
    )
    table = f"<table>{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f'<div class="urd-scroll">{table}</div>{notes}'


def _totals(counters: Counters) -> str:
    rows = "".join(
        f'<tr><th scope="row" {LABEL}>{escape(label)}</th><td>{value}</td>'
        f'<td class="urd-ncu" style="text-align:left">{escape(ncu)}</td></tr>'
        for label, value, ncu in total_rows(counters.total)
    )
    head = (
        f'<tr><th scope="col" {LABEL}>cuenta</th><th scope="col">total</th>'
        f'<th scope="col" {LABEL}>nombre en Nsight Compute</th></tr>'
    )
    table = f"<table><caption>Total</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
    scroll = f'<div class="urd-scroll">{table}</div>'
    return f"<details><summary>Totales</summary>{scroll}</details>"


def _notes() -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in NOT_MODELLED)
    return f"<details><summary>Qué no se modela</summary><ul>{items}</ul></details>"
