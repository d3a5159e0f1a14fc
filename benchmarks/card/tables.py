"""Las tablas de una corrida, en Markdown: velocidad, contadores, avisos y puntos abiertos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from card.ladders import LADDERS

AGREE = {True: "sí", False: "no"}


def write(folder: Path) -> Path:
    """Escribe ``tables.md`` con lo que haya en la carpeta."""
    path = folder / "tables.md"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines(folder)) + "\n", encoding="utf-8")
    return path


def lines(folder: Path) -> Iterator[str]:
    """Las tablas, línea por línea; lo que no se corrió se dice."""
    yield f"# {folder.name}"
    yield from ("", "## Velocidad")
    yield from _speed(_read(folder, "speed"))
    for kind, title, rows in PARTS:
        yield from ("", f"## {title}", "")
        data = _read(folder, kind)
        yield from rows(data) if data else ("No se corrió.",)


def _read(folder: Path, kind: str) -> dict[str, Any]:
    path = folder / f"{kind}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _speed(data: dict[str, Any]) -> Iterator[str]:
    from urdimbre.plots import recorded

    for ladder in LADDERS:
        yield from ("", f"### {ladder.title[0].upper()}{ladder.title[1:]}", "")
        found = recorded.is_measured(data, ladder.name)
        yield recorded.table_of(data, ladder.name) if found else "No se midió."


def _entries(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for ladder in data.get("ladders", {}).values():
        yield from ladder["entries"]


def _parity(data: dict[str, Any]) -> Iterator[str]:
    yield "| peldaño | bien | peor error, en partes de lo admitido |"
    yield "| --- | --- | --- |"
    for entry in _entries(data):
        state = "sí" if entry["status"] == "ok" else entry["why"]
        yield f"| `{entry['name']}` | {state} | {_worst(entry)} |"


def _worst(entry: dict[str, Any]) -> str:
    shares = [
        s["error"] / s["allowed"] for s in entry.get("sizes", ()) if s["error"] and s["allowed"]
    ]
    return f"{max(shares, default=0.0):.2g}".replace(".", ",")


def _counters(data: dict[str, Any]) -> Iterator[str]:
    yield "| peldaño | métricas iguales | ¿deben serlo todas? |"
    yield "| --- | --- | --- |"
    for entry in _entries(data):
        exact = AGREE[entry.get("exact_expected", False)]
        yield f"| `{entry['name']}` | {_equal(entry)} | {exact} |"


def _equal(entry: dict[str, Any]) -> str:
    if entry["status"] != "ok":
        return entry["why"]
    rows = [row for launch in entry["launches"] for row in launch["metrics"].items()]
    different = [f"{m}: {v['ours']:g} y {v['ncu']:g}" for m, v in rows if not v["equal"]]
    return f"{len(rows) - len(different)} de {len(rows)}" + "".join(f"; {d}" for d in different)


def _sanitizer(data: dict[str, Any]) -> Iterator[str]:
    yield "| kernel | herramienta | nuestras líneas | las suyas | coinciden |"
    yield "| --- | --- | --- | --- | --- |"
    for entry in _entries(data):
        for tool, found in entry["tools"].items():
            cells = [entry["name"], tool, found["ours"], found["theirs"], AGREE[found["agree"]]]
            yield "| " + " | ".join(map(str, cells)) + " |"
        if entry["status"] != "ok":
            yield f"| {entry['name']} | no se pudo | | | {entry['why']} |"


def _experiments(data: dict[str, Any]) -> Iterator[str]:
    yield "| punto | experimento | la tarjeta | el simulador |"
    yield "| --- | --- | --- | --- |"
    for entry in _entries(data):
        card, mine = entry.get("card", entry.get("why", "")), entry.get("simulator", "")
        yield f"| {entry['point']} | {entry['question']} | {card} | {mine} |"


PARTS = (
    ("parity", "Paridad", _parity),
    ("sanitizer", "compute-sanitizer y nuestro verificador", _sanitizer),
    ("counters", "Contadores", _counters),
    ("experiments", "Puntos abiertos", _experiments),
)
