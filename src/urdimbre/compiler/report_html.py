"""El informe de compilación como HTML para Jupyter: se lee solo, con tema claro u oscuro."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from urdimbre.compiler import report_text

STYLE = """
.urd-compile table{border-collapse:collapse;margin:.5em 0;font-variant-numeric:tabular-nums}
.urd-compile caption{text-align:left;font-weight:600;padding:.3em 0}
.urd-compile th,.urd-compile td{padding:.15em .6em;border-bottom:1px solid rgba(128,128,128,.3);
background:none;color:inherit}
.urd-compile pre{margin:.2em 0;font-size:.85em;overflow-x:auto}
.urd-compile .urd-scroll{overflow-x:auto}
.urd-compile+.urd-compile{margin-top:2em;padding-top:.5em;border-top:2px solid rgba(128,128,128,.5)}
@media (max-width:30rem){.urd-compile th,.urd-compile td{padding:.15em .3em}}
.urd-compile .urd-warn{border-left:4px solid rgba(230,120,0,.9);padding-left:.6em}
"""
PAGE = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{{color-scheme:light dark}}
body{{font-family:system-ui,sans-serif;line-height:1.45;max-width:75rem;margin:1rem auto;
padding:0 1rem}}
</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""
LEFT = 'style="text-align:left"'
TYPES = 'style="text-align:left;white-space:nowrap"'
RIGHT = 'style="text-align:right"'
CODE = 'style="text-align:left;white-space:pre;font-family:monospace"'


def page(reports: Iterable[Any], title: str) -> str:
    """Una página con varios informes, sin archivos aparte."""
    body = "\n".join(map(report_html, reports)) or "<p>El programa no lanzó ningún kernel.</p>"
    return PAGE.format(title=escape(title), body=body)


def report_html(report: Any) -> str:
    """Resumen, tipos, cuentas en ``float64``, memoria, ocupación y, plegado, el código."""
    head = f"<p><strong>{escape(report.kernel)}</strong>. {escape(report_text.summary(report))}</p>"
    parts = _failed(report) if not report.compiles else _compiled(report)
    body = "".join((f"<style>{STYLE}</style>", head, *parts))
    return f'<section class="urd-compile" lang="es">{body}</section>'


def _failed(report: Any) -> Iterable[str]:
    line = report.error.line - report.first_line
    if 0 <= line < len(report.source):
        yield f"<pre>{escape(report.source[line])}</pre>"
    yield (
        "<details><summary>Lo que dijo el compilador</summary>"
        f"<pre>{escape(report.error.original)}</pre></details>"
    )


def _compiled(report: Any) -> Iterable[str]:
    yield _promotions(report)
    yield _annotated(report)
    yield _table("Ocupación", *_occupancy_rows(report))
    if report.refused:
        yield _list([f"{cc}: no compila; {why}" for cc, why in report.refused.items()])
    yield _list(report_text.resources(report))
    yield f"<p>Instrucciones de memoria en el código de máquina: {_memory(report)}.</p>"
    yield _details("PTX y código de máquina, línea por línea", _code(report))
    yield f"<p><small>{escape(report_text.versions(report))}</small></p>"


def _memory(report: Any) -> str:
    return escape("; ".join(report_text.memory(report)).rstrip("."))


def _promotions(report: Any) -> str:
    rows = report_text.promotions(report)
    if not report.promotions:
        return f"<p>{escape(rows[0])}</p>"
    return f'<div class="urd-warn"><p>Cuentas en float64</p>{_list(rows)}</div>'


def _annotated(report: Any) -> str:
    """El código con el tipo que toma cada variable en su línea."""
    promoted = {p.line for p in report.promotions}
    rows = []
    for i, text in enumerate(report.source):
        line = report.first_line + i
        kinds = "; ".join(f"{v.name}: {v.type}" for v in report.variables if v.line == line)
        mark = "a float64" if line in promoted else ""
        rows.append(
            f'<tr><th scope="row">{line}</th><td {CODE}>{escape(text)}</td>'
            f"<td {TYPES}>{escape(kinds)}</td><td {LEFT}>{mark}</td></tr>"
        )
    return _framed("Tipos inferidos", ("línea", "código", "tipos", "pasa"), "".join(rows))


def _occupancy_rows(report: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    header = ("capacidad", "registros", "bloques", "warps", "ocupación")
    rows = [
        (o.device.name, o.registers, o.blocks, o.warps, f"{100 * o.ratio:.0f} %")
        for o in report.occupancies
    ]
    return header, rows


def _table(title: str, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td {RIGHT}>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return _framed(title, header, body)


def _framed(title: str, header: tuple[str, ...], body: str) -> str:
    names = "".join(f'<th scope="col" {LEFT}>{escape(name)}</th>' for name in header)
    return (
        f'<div class="urd-scroll"><table><caption>{escape(title)}</caption><thead><tr>{names}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _list(rows: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(row)}</li>" for row in rows) + "</ul>"


def _details(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def _code(report: Any) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="vertical-align:top">{number}</th>'
        f"<td {CODE}>{escape(text)}</td><td {CODE}>{escape(chr(10).join(ptx))}</td>"
        f"<td {CODE}>{escape(chr(10).join(sass))}</td></tr>"
        for number, text, ptx, sass in report_text.by_line(report)
    )
    return _framed("", ("línea", "Python", "PTX", "código de máquina"), rows)
