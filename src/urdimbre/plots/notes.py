"""Tablas y diferencias entre kernels, para las páginas: Markdown que Jupyter muestra."""

from __future__ import annotations

import difflib
import inspect
from typing import Any

from IPython.display import Markdown


def table(header: list[Any], *rows: list[Any]) -> Markdown:
    """Una tabla; los reales salen con dos decimales y coma, los enteros tal cual."""
    lines = [header, ["---"] * len(header), *rows]
    return Markdown("\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines))


def _cell(value: Any) -> str:
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)


def diff(before: Any, after: Any) -> Markdown:
    """Solo las líneas que cambian de un kernel a otro; el nombre no cuenta como cambio."""
    old, new = (inspect.getsource(kernel.py_func).splitlines() for kernel in (before, after))
    changed = [x for x in list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:] if x[0] in "+-"]
    kept = [line for line in changed if not line[1:].startswith("def ")]
    return Markdown("\n".join(["```diff", *kept, "```"]))
