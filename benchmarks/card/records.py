"""Guardar resultados a medida que llegan, y comprobar su forma.

Cada clase de resultado es un archivo JSON. Se escribe entero después de cada fila, primero en un
archivo aparte: una corrida que se corta deja lo que alcanzó a medir.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

SCHEMA = 1
KINDS = ("parity", "sanitizer", "counters", "experiments", "speed")
STATUS = ("ok", "failed")

# Campo -> tipos que admite. ``None`` donde el valor puede faltar.
MACHINE = {"date": str, "card": str, "capability": str, "multiprocessors": int, "memory": int,
           "driver": str, "cuda": str, "python": str, "system": str, "packages": dict}  # fmt: skip
LADDER = {"title": str, "limit": str, "size": int, "moved": int, "flop": int,
          "copy_bandwidth": (float, type(None)), "entries": list}  # fmt: skip
ENTRY = {"name": str, "label": str, "role": str, "status": str}
SECONDS = {"median": float, "min": float, "max": float, "host": float, "runs": int,
           "launches": int}  # fmt: skip
ROW = {"name": str, "status": str}


class Record:
    """Un archivo de resultados que se escribe fila por fila.

    Lo que ya había en el archivo se conserva: se reemplaza escalera por escalera, así que una
    corrida que se cortó se puede seguir. Un archivo que no se puede leer se aparta, no se borra.

    Attributes:
        data: lo que hay en el archivo.
    """

    def __init__(self, folder: Path, kind: str, machine: dict[str, Any]) -> None:
        self.path = folder / f"{kind}.json"
        known = self._known()
        self.data = {"schema": SCHEMA, "kind": kind, "machine": machine, "ladders": {}}
        self.data["ladders"] |= known.get("ladders", {})

    def _known(self) -> dict[str, Any]:
        if not self.path.is_file():
            return {}
        try:
            return json.loads(self.path.read_text("utf-8"))
        except ValueError:
            os.replace(self.path, self.path.with_suffix(".roto"))
            return {}

    def start(self, ladder: str, **fields: Any) -> None:
        """Empieza una escalera de cero: lo que se había medido antes de ella se olvida."""
        self.data["ladders"][ladder] = {**fields, "complete": False, "entries": []}

    def replace(self, ladder: str, entries: list[dict[str, Any]], **fields: Any) -> None:
        """Cambia de una vez todas las filas de una escalera y guarda: nunca quedan solo algunas."""
        self.start(ladder, **fields)
        self.data["ladders"][ladder]["entries"] = entries
        self.save()

    def finish(self, ladder: str) -> None:
        """Dice que no falta ninguna fila de una escalera, y guarda."""
        self.data["ladders"][ladder]["complete"] = True
        self.save()

    def done(self, ladder: str) -> bool:
        """Si esa escalera ya terminó, en esta corrida o en la que se sigue."""
        return self.data["ladders"].get(ladder, {}).get("complete", False)

    def add(self, ladder: str, entry: dict[str, Any]) -> None:
        """Agrega una fila y guarda."""
        self.data["ladders"].setdefault(ladder, {"entries": []})["entries"].append(entry)
        self.save()

    def save(self) -> None:
        """Escribe todo, de modo que nunca quede un archivo a medias."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        text = json.dumps(self.data, ensure_ascii=False, indent=1, allow_nan=False)
        draft.write_text(text + "\n", encoding="utf-8")
        os.replace(draft, self.path)


def failures(folder: Path) -> dict[str, list[str]]:
    """Por clase de resultado, lo que quedó fallido en una carpeta, con su razón."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        path = folder / f"{kind}.json"
        ladders = json.loads(path.read_text("utf-8"))["ladders"] if path.is_file() else {}
        found[kind] = [
            f"{kind}, {name}/{entry['name']}: {entry['why']}"
            for name, ladder in ladders.items()
            for entry in ladder["entries"]
            if entry["status"] == "failed"
        ]
    return found


def problems(data: dict[str, Any]) -> list[str]:
    """Lo que le falta o le sobra a un resultado para tener la forma acordada."""
    wrong = [] if data.get("schema") == SCHEMA else ["schema"]
    wrong += [] if data.get("kind") in KINDS else ["kind"]
    wrong += _fields(data.get("machine", {}), MACHINE, "machine")
    for name, ladder in data.get("ladders", {}).items():
        speed = data.get("kind") == "speed"
        wrong += _fields(ladder, {"complete": bool}, name)
        wrong += _fields(ladder, LADDER, name) if speed else []
        for entry in ladder.get("entries", ()):
            wrong += _entry(entry, f"{name}/{entry.get('name')}", speed)
    return wrong


def _entry(entry: dict[str, Any], where: str, speed: bool) -> list[str]:
    wrong = _fields(entry, ENTRY if speed else ROW, where)
    if entry.get("status") not in STATUS:
        return [*wrong, f"{where}: status"]
    if entry["status"] == "failed":
        return wrong + _fields(entry, {"why": str}, where)
    if not speed:
        return wrong
    seconds = entry.get("seconds", {})
    wrong += _fields(seconds, SECONDS, where)
    ordered = not wrong and 0 < seconds["min"] <= seconds["median"] <= seconds["max"]
    return wrong if ordered else [*wrong, f"{where}: seconds"]


def _fields(found: dict[str, Any], wanted: dict[str, Any], where: str) -> list[str]:
    return [
        f"{where}: {name}"
        for name, kind in wanted.items()
        if name not in found or not isinstance(found[name], kind)
    ]
