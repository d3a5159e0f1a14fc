"""Comprobar y corregir: ``check`` en el notebook, ``judge`` en otro proceso."""

from urdimbre.grading.checks import check
from urdimbre.grading.judge import Verdict, judge
from urdimbre.grading.report import Note, Report

__all__ = ["Note", "Report", "Verdict", "check", "judge"]
