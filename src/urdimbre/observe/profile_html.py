"""El perfil como HTML para Jupyter: una sola pieza, accesible, con tema claro u oscuro."""

from __future__ import annotations

from html import escape

from urdimbre.observe.advice import advise
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import ERROR, INFO, WARNING, Finding
from urdimbre.observe.profile_rows import (
    COLUMNS,
    headline,
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
"""

LABELS = {ERROR: "Error", WARNING: "Advertencia", INFO: "Información"}


def profile_html(launch: LaunchInfo, counters: Counters, findings: list[Finding]) -> str:
    """El perfil entero: hallazgos, consejos, código anotado, totales y lo que no se modela."""
    parts = (
        f"<style>{STYLE}</style>",
        f"<p><strong>{escape(headline(launch))}</strong></p>",
        _findings(findings),
        _advice(launch, counters),
        _annotated(launch, counters),
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


def _advice(launch: LaunchInfo, counters: Counters) -> str:
    found = advise(launch, counters.by_line, counters.total)
    items = "".join(f"<li>{escape(advice.message)}</li>" for advice in found)
    return f"<p>Consejos:</p><ul>{items}</ul>" if found else ""


def _annotated(launch: LaunchInfo, counters: Counters) -> str:
    used = used_columns(counters)
    titles = "".join(
        f'<th scope="col" title="{escape(COLUMNS[i].meaning)}">{COLUMNS[i].title}</th>'
        for i in used
    )
    rows = "".join(_row(*row, used) for row in source_rows(launch, counters))
    return (
        '<div class="urd-scroll"><table><caption>Por línea</caption><thead><tr>'
        f'<th scope="col">línea</th>{titles}<th scope="col" class="urd-code">código</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(line: int, tally: Tally | None, text: str, used: list[int]) -> str:
    cells = "".join(_cell(tally, i) for i in used)
    code = f'<td class="urd-code">{escape(text)}</td>'
    return f'<tr><th scope="row">{line}</th>{cells}{code}</tr>'


def _cell(tally: Tally | None, i: int) -> str:
    text = "" if tally is None else COLUMNS[i].cell(tally)
    if not text or not (heat := COLUMNS[i].heat(tally)):
        return f"<td>{text}</td>"
    return f'<td style="background:{_color(heat)}">{text}</td>'


def _color(heat: float) -> str:
    """Naranja más opaco cuanto peor; el número va en la celda."""
    return f"rgba(230,120,0,{0.6 * min(1.0, heat):.2f})"


def _totals(counters: Counters) -> str:
    rows = "".join(
        f'<tr><th scope="row" class="urd-label">{escape(label)}</th><td>{value}</td>'
        f'<td class="urd-ncu">{escape(ncu)}</td></tr>'
        for label, value, ncu in total_rows(counters.total)
    )
    head = (
        '<tr><th scope="col" class="urd-label">cuenta</th><th scope="col">total</th>'
        '<th scope="col" class="urd-label">nombre en Nsight Compute</th></tr>'
    )
    table = f"<table><caption>Total</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f"<details><summary>Totales</summary>{table}</details>"


def _notes() -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in NOT_MODELLED)
    return f"<details><summary>Qué no se modela</summary><ul>{items}</ul></details>"
