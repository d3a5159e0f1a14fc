"""El informe de compilación como texto."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

NO_DISASSEMBLER = (
    "El código de máquina no se muestra: falta nvdisasm (pip install nvidia-cuda-nvdisasm)."
)
WIDTH = 80
QUOTED = 12  # líneas que se muestran de lo que dijo el compilador
NO_PROMOTION = "Ninguna operación pasa a float64."
# *CUDA C++ Programming Guide*, rendimiento de las instrucciones: 7.5, 8.6, 8.9 y 12.0.
DOUBLE_IS_SLOW = "En las tarjetas de consumo, una cuenta en float64 tarda 32 o 64 veces más."


def summary(report: Any) -> str:
    """«Compila en una GPU real: sí, 40 registros, sin derrames»."""
    if not report.compiles:
        return f"Compila en una GPU real: no. {located(report.error)}"
    used = report.usage
    spills = "sin derrames"
    if used.spills:
        spills = f"con derrames ({used.spill_store_bytes} B que se guardan, "
        spills += f"{used.spill_load_bytes} B que se leen)"
    return (
        f"Compila en una GPU real: sí, {counted(used.registers, 'registro')}, {spills} "
        f"(capacidad {report.cc})"
    )


def located(error: Any) -> str:
    """El mensaje, con su línea si se sabe."""
    return f"Línea {error.line}: {error.message}" if error.line else error.message


def counted(n: int, noun: str) -> str:
    """«1 registro», «40 registros»."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def report_text(report: Any) -> str:
    """Todo, menos el código: ese lo da ``listing``."""
    head = [f"Kernel «{report.kernel}» ({report.origin}, línea {report.first_line})", ""]
    lines = [*head, *wrapped(sentence(summary(report)))]
    if not report.compiles:
        return "\n".join([*lines, "", "El compilador dijo:", *quoted(report.error.original)])
    for title, rows in sections(report):
        lines += ["", title, *(line for row in rows for line in wrapped(f"  {row}"))]
    return "\n".join([*lines, "", *wrapped(versions(report))])


def sentence(text: str) -> str:
    """Con un punto al final, si no termina ya una oración."""
    return text if text.endswith((".", "?")) else f"{text}."


def wrapped(text: str) -> list[str]:
    """El texto en líneas de 80 columnas; las que siguen, un poco más adentro."""
    inside = " " * (len(text) - len(text.lstrip()) + 2 * text.startswith(" "))
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=inside, break_long_words=False, break_on_hyphens=False
    )


def quoted(text: str) -> list[str]:
    """Lo que dijo el compilador: el principio, y cuánto falta si es muy largo."""
    lines = [f"  {line}".rstrip() for line in text.strip().splitlines()]
    rest = len(lines) - QUOTED
    if rest <= 1:
        return lines
    return [*lines[:QUOTED], f"  (y {rest} líneas más, en --json o en .error.original)"]


def sections(report: Any) -> Iterable[tuple[str, list[str]]]:
    """Título y renglones de cada parte."""
    yield "Memoria de un bloque y de un hilo", resources(report)
    yield "Tipos", [f"línea {v.line}: {v.name} es {v.type}" for v in report.variables]
    yield "Cuentas en float64", promotions(report)
    yield "Instrucciones de memoria en el código de máquina", memory(report)
    yield f"Ocupación con bloques de {report.threads} hilos", occupancies(report)


def resources(report: Any) -> list[str]:
    """Memoria compartida, local y derrames."""
    used = report.usage
    return [
        f"memoria compartida de tamaño fijo: {used.shared_bytes} B por bloque",
        f"memoria local: {used.local_bytes} B por hilo",
        f"derrames: {used.spill_store_bytes} B que se guardan y {used.spill_load_bytes} B que se "
        "leen",
    ]


def promotions(report: Any) -> list[str]:
    """Cada paso a ``float64``, con su línea y su arreglo."""
    if not report.promotions:
        return [NO_PROMOTION]
    rows = [f"línea {p.line}: {operation(p)}; {p.advice}" for p in report.promotions]
    return [*rows, DOUBLE_IS_SLOW]


def operation(p: Any) -> str:
    """«float32 * float64»; de una llamada, lo que recibe."""
    if p.operation:
        return f" {p.operation} ".join(p.types)
    return f"una llamada con {', '.join(p.types)}"


def memory(report: Any) -> list[str]:
    """Por espacio, sentido y ancho; o que falta con qué leerlas."""
    if not report.sass:
        return [NO_DISASSEMBLER]
    return [str(ops) for ops in report.memory] or ["ninguna"]


def occupancies(report: Any) -> list[str]:
    """Una capacidad por renglón; al final, las que no admite este compilador."""
    refused = [f"{cc:>4}: no compila; {why}" for cc, why in (report.refused or {}).items()]
    rows = [
        f"{o.device.name:>4}: {o.registers:>3} registros, {counted(o.blocks, 'bloque'):>10}, "
        f"{100 * o.ratio:>3.0f} %"
        for o in report.occupancies
    ]
    return rows + refused


def versions(report: Any) -> str:
    """De qué compilador son los números."""
    said = ", ".join(f"{name} {version}" for name, version in (report.versions or {}).items())
    return f"Compilado con {said}."


def listing(report: Any) -> str:
    """Cada línea de Python y, debajo, su PTX y su código de máquina."""
    lines = []
    for number, text, ptx, sass in by_line(report):
        lines.append(f"{number:>4} | {text}")
        lines += [f"       ptx   {code}" for code in ptx]
        lines += [f"       sass  {code}" for code in sass]
    return "\n".join(lines if report.sass else [*lines, NO_DISASSEMBLER])


def by_line(report: Any) -> Iterable[tuple[int, str, list[str], list[str]]]:
    """Las líneas del kernel, y las demás que tienen código, con sus instrucciones."""
    own = {report.first_line + i: text for i, text in enumerate(report.source)}
    others = {i.line for i in (*report.ptx, *report.sass)} - set(own)
    for number in (*sorted(own), *sorted(others)):
        text = own.get(number) or "(de otra función)"
        yield number, text, _at(report.ptx, number), _at(report.sass, number)


def _at(code: Iterable[Any], line: int) -> list[str]:
    return [str(i) for i in code if i.line == line]
