"""compute-sanitizer sobre los kernels de la clínica, y si dice lo mismo que nuestro verificador."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from card import clinic, tools
from card.clinic import Patient
from card.target import LAUNCHED

TOOLS = ("racecheck", "memcheck", "synccheck")
OPTIONS = {"racecheck": ["--racecheck-report", "analysis"]}

# Clase nuestra -> la herramienta de NVIDIA que debe decir lo mismo.
OF_KIND = {"race": "racecheck", "out_of_bounds": "memcheck", "misaligned": "memcheck",
           "divergent_barrier": "synccheck"}  # fmt: skip

MARK = re.compile(r"^=========( ?.*)$")
CONTINUES = re.compile(r"^\s{2,}|^ (?:and|at|by|in|Address|Access) |^ \[")
RACE = re.compile(r"^(Error|Warning|Info): Race reported between (\w+) access")
INVALID = re.compile(r"^(?:Invalid __(\w+)__ (\w+) of size (\d+)|Misaligned)")
BARRIER = re.compile(r"^Barrier error detected\. ?(.*?)\.?$")
SUMMARY = re.compile(r"^(?:ERROR|RACECHECK) SUMMARY: (\d+) (?:errors?|hazards? displayed)")
PLACE = re.compile(r"\bin (\S+):(\d+)")


@dataclass(frozen=True)
class Issue:
    """Un aviso: la herramienta, su gravedad o su clase, y las líneas que cita."""

    tool: str
    what: str
    lines: tuple[int, ...]


def command(sanitizer: str, tool: str, patient: Patient) -> list[str]:
    """La orden exacta para un kernel."""
    return [
        sanitizer or "compute-sanitizer", "--tool", tool, *OPTIONS.get(tool, ()),
        "--target-processes", "all",
        *tools.target("--clinica", patient.chapter, patient.kernel),
    ]  # fmt: skip


# --- Leer lo que escribe ---------------------------------------------------------------------


def parse(text: str, tool: str) -> list[Issue]:
    """Los avisos de una corrida, sin repetir los que citan lo mismo.

    Raises:
        ValueError: si la herramienta no llegó al final, o el kernel no llegó a lanzarse: también
            entonces escribe un resumen con cero errores.
    """
    messages = _messages(text)
    issues = [issue for issue in (_issue(m, tool) for m in messages) if issue]
    if not issues and not any(SUMMARY.match(m) for m in messages):
        raise ValueError("la herramienta no llegó a su resumen: " + _last(text))
    if not issues and LAUNCHED not in text:
        raise ValueError("el kernel no llegó a lanzarse: " + _last(text))
    return list(dict.fromkeys(issues))


def _messages(text: str) -> list[str]:
    """Cada aviso en una línea, con las que lo continúan."""
    found: list[str] = []
    for line in text.splitlines():
        mark = MARK.match(line)
        if mark is None:
            continue
        if CONTINUES.match(mark[1]) and found:
            found[-1] += " " + mark[1].strip()
        else:
            found.append(mark[1].strip())
    return found


def _issue(message: str, tool: str) -> Issue | None:
    head = message.split(" Saved host backtrace")[0]
    lines = tuple(dict.fromkeys(int(line) for _, line in PLACE.findall(head)))
    if match := RACE.match(message):
        return Issue("racecheck", match[1].lower(), lines)
    if match := INVALID.match(message):
        return Issue("memcheck", f"{match[1] or ''} {match[2] or 'misaligned'}".strip(), lines)
    if match := BARRIER.match(message.split("  ")[0].split(" at ")[0]):
        return Issue("synccheck", match[1], lines)
    return None


def _last(text: str) -> str:
    """La última línea que explica algo: un error de la herramienta o del programa."""
    lines = [line.strip("= ") for line in text.splitlines() if line.strip("= ")]
    telling = [line for line in lines if re.search(r"Error\b|no se lanzó|No hay", line)]
    return (telling or lines or ["no escribió nada"])[-1][:200]


# --- Los nuestros ----------------------------------------------------------------------------


def ours(patient: Patient, cuda: Any) -> dict[str, list[int]]:
    """Las líneas que cita nuestro verificador, por herramienta.

    racecheck solo mira la memoria compartida: una carrera en la global no cuenta aquí.
    """
    found: dict[str, set[int]] = {tool: set() for tool in TOOLS}
    for finding in clinic.findings(patient, cuda):
        tool = OF_KIND.get(finding.kind)
        if tool is None or (finding.detail.get("space", "shared") != "shared" and tool == TOOLS[0]):
            continue
        found[tool] |= {finding.line, finding.other_line} - {0}
    return {tool: sorted(lines) for tool, lines in found.items()}


def compare(mine: list[int], issues: list[Issue]) -> dict[str, Any]:
    """Lo nuestro y lo de la herramienta, y si coinciden en que hay algo y en dónde."""
    theirs = sorted({line for issue in issues for line in issue.lines})
    return {
        "ours": mine,
        "theirs": theirs,
        "said": sorted({issue.what for issue in issues}),
        "agree": bool(mine) == bool(issues),
        "same_lines": mine == theirs,
    }


def entry(patient: Patient, outputs: dict[str, tuple[str, str]], cuda: Any) -> dict[str, Any]:
    """La fila de un kernel: cada herramienta comparada, o por qué no se pudo.

    Args:
        outputs: por herramienta, lo que escribió y por qué no sirve.
    """
    row: dict[str, Any] = {"name": patient.name, "tools": {}}
    mine, failures = ours(patient, cuda), []
    for tool, (text, why) in outputs.items():
        try:
            row["tools"][tool] = compare(mine[tool], parse(text, tool))
        except ValueError as error:
            failures.append(f"{tool}: {why or error}")
    return row | (
        {"status": "failed", "why": "; ".join(failures)} if failures else {"status": "ok"}
    )
