"""Tablas, hallazgos y diferencias entre kernels, para las páginas: Markdown que Jupyter muestra."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Sequence
from typing import Any

from IPython.display import Markdown

from urdimbre.observe.findings import Finding
from urdimbre.observe.profile_html import LABELS


def table(header: list[Any], *rows: list[Any]) -> Markdown:
    """Una tabla; los reales salen con coma y hasta dos decimales, lo demás tal cual."""
    lines = [header, ["---"] * len(header), *rows]
    return Markdown("\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines))


def _cell(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def diff(before: Any, after: Any) -> Markdown:
    """Solo las líneas que cambian de un kernel a otro; el nombre no cuenta como cambio."""
    old, new = (inspect.getsource(kernel.py_func).splitlines() for kernel in (before, after))
    lines = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    kept = [x for x in lines if x[0] in "+-" and not x[1:].startswith("def ")]
    return Markdown("\n".join(["```diff", *kept, "```"]))


def report(findings: Sequence[Finding]) -> Markdown:
    """Los hallazgos, uno por párrafo, con las líneas que citan."""
    return Markdown("\n\n".join(map(_paragraph, findings)) or "Sin hallazgos.")


def _paragraph(finding: Finding) -> str:
    message, *quoted = str(finding).splitlines()
    escaped = re.sub(r"([*_<>\[\]])", r"\\\1", message)
    return "\n".join([f"**{LABELS[finding.severity]}.** {escaped}", "```text", *quoted, "```"])
