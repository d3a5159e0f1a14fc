"""Comprobar y corregir: ``check`` en el notebook, ``judge`` en otro proceso."""

from typing import Any

from urdimbre.grading.judge import Verdict, judge
from urdimbre.grading.report import Note, Report

__all__ = ["Note", "Report", "Verdict", "check", "judge"]


def __getattr__(name: str) -> Any:
    """``check`` se importa al usarlo: quien pide un veredicto no carga aquí el simulador."""
    if name != "check":
        raise AttributeError(f"«urdimbre.grading» no tiene «{name}».")
    from urdimbre.grading.checks import check

    return check
