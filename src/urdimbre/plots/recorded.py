"""La tabla de la corrida más nueva en una GPU, si hay alguna; si no, la frase que lo dice.

Las corridas están en ``benchmarks/results/<fecha>-<tarjeta>/speed.json`` y las escribe
``make gpu``. Aquí solo se leen: un tiempo se muestra siempre como proporción.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from urdimbre.compiler import recorded as compiled

NONE = "De estos kernels todavía no hay una corrida registrada en una GPU; se hace con `make gpu`."
WHEN = "Medido el {date} en una {card}, con {runs} repeticiones de cada fila y sus datos en {size}."
OLDER = "{names}: se midió una versión anterior del kernel; se repite con `make gpu`."
BOUND = "{names}: tarda lo que tarda pedir el lanzamiento, así que no mide el kernel."
MOSTLY = 0.8  # de lo que se midió, cuánto puede ser pedir el lanzamiento

Run = dict[str, Any]


def recorded(*ladders: str, results: Path | None = None) -> Any:
    """La tabla de una escalera, o de varias, como Markdown que Jupyter muestra.

    Args:
        ladders: sus nombres, como en ``benchmarks/card/ladders.py``: ``"transpose"``.
        results: la carpeta de las corridas; por omisión, la del curso.
    """
    from IPython.display import Markdown

    return Markdown(text(*ladders, results=results))


def text(*ladders: str, results: Path | None = None) -> str:
    """El Markdown de :func:`recorded`: las tablas con su fecha y su tarjeta, o la frase."""
    folder = results or _results()
    runs = ((name, newest(name, folder)) for name in ladders)
    return "\n\n".join(table_of(run, name) for name, run in runs if run) or NONE


def newest(ladder: str, results: Path | None) -> Run | None:
    """La corrida más nueva que midió esa escalera, o ``None``."""
    if results is None or not results.is_dir():
        return None
    runs = [_read(path) for path in sorted(results.glob("*/speed.json"))]
    usable = [run for run in runs if is_measured(run, ladder)]
    return max(usable, key=lambda run: run["machine"]["date"], default=None)


def _read(path: Path) -> Run:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # una corrida que se cortó mientras se escribía no es ninguna
        return {}


def is_measured(run: Run, ladder: str) -> bool:
    """Si hay al menos un peldaño medido."""
    entries = run.get("ladders", {}).get(ladder, {}).get("entries", ())
    return any(e["role"] == "rung" and e["status"] == "ok" for e in entries)


def _results() -> Path | None:
    """``benchmarks/results`` de la carpeta actual o de sus madres, o la del código."""
    here, code = Path.cwd().resolve(), Path(__file__).resolve().parents[3]
    folders = (folder / "benchmarks" / "results" for folder in (here, *here.parents, code))
    return next((folder for folder in folders if folder.is_dir()), None)


# --- La tabla --------------------------------------------------------------------------------


def table_of(run: Run, ladder: str) -> str:
    found = run["ladders"][ladder]
    vendors = [e for e in found["entries"] if e["role"] == "vendor" and e["name"] != "copy"]
    vendors = [vendor for vendor in vendors if vendor["status"] == "ok"]
    header = ["", *_columns(found), *(f"% de {v['label']}" for v in vendors), "dispersión"]
    rows = [_row(entry, found, vendors) for entry in found["entries"] if entry["name"] != "copy"]
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return "\n\n".join([body, _caption(run, found), *_warnings(found)])


def _warnings(found: Run) -> list[str]:
    """Qué filas no dicen lo que parecen: el kernel cambió, o lo que se midió es otra cosa."""
    rows = [e for e in found["entries"] if e["status"] == "ok"]
    older = [e for e in rows if is_older(e)]
    bound = [e for e in rows if e["seconds"].get("host", 0.0) > MOSTLY * e["seconds"]["median"]]
    named = (
        (text, ", ".join(_name(entry) for entry in entries))
        for text, entries in ((OLDER, older), (BOUND, bound))
    )
    return [text.format(names=names) for text, names in named if names]


def is_older(entry: Run) -> bool:
    """Si alguno de sus kernels cambió desde que se midió, según la grabación del compilador."""
    kernels = compiled.recording()["kernels"]
    return any(
        name in kernels and kernels[name]["digest"] != digest
        for name, digest in entry.get("digests", {}).items()
    )


def _name(entry: Run) -> str:
    return f"`{entry['name']}`" if entry["role"] == "rung" else entry["label"]


def _columns(found: Run) -> list[str]:
    return ["% de la copia"] if found["limit"] == "memoria" else ["TFLOP/s"]


def _row(entry: Run, found: Run, vendors: list[Run]) -> list[str]:
    name = _name(entry)
    if entry["status"] != "ok":
        return [name, *["no se midió"] * (len(vendors) + 2)]
    seconds = entry["seconds"]["median"]
    ratios = [_percent(v["seconds"]["median"] / seconds) for v in vendors]
    return [name, _own(found, seconds), *ratios, _spread(entry["seconds"])]


def _own(found: Run, seconds: float) -> str:
    """La parte del ancho de banda de la copia, o las operaciones por segundo."""
    if found["limit"] == "memoria":
        return _percent(found["moved"] / seconds / found["copy_bandwidth"])
    return _comma(f"{found['flop'] / seconds / 1e12:.3g}")


def _spread(seconds: Run) -> str:
    """Medio recorrido de las repeticiones, en proporción a la mediana."""
    half = (seconds["max"] - seconds["min"]) / 2 / seconds["median"]
    return _comma(f"± {100 * half:.1f} %")


def _percent(ratio: float) -> str:
    return _comma(f"{100 * ratio:.1f}" if ratio < 0.1 else f"{100 * ratio:.0f}")


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _caption(run: Run, found: Run) -> str:
    machine = run["machine"]
    runs = max(e["seconds"]["runs"] for e in found["entries"] if e["status"] == "ok")
    lines = [
        WHEN.format(date=machine["date"][:10], card=machine["card"], runs=runs, size=_size(found))
    ]
    if found.get("copy_bandwidth"):
        speed = _comma(f"{found['copy_bandwidth'] / 1e12:.2f}")
        lines.append(f"La copia del controlador, en la misma corrida, movió {speed} TB/s.")
    versions = machine["packages"]
    named = ", ".join(f"{k} {v}" for k, v in versions.items() if k in ("numba-cuda", "cupy"))
    lines.append(f"Controlador {machine['driver']}, CUDA {machine['cuda']}; {named}.")
    return "\n".join(lines)


def _size(found: Run) -> str:
    return f"{found['moved'] / 2**20:.0f} MiB" if found["moved"] >= 2**20 else "menos de 1 MiB"
