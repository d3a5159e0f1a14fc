"""Las comprobaciones que se hacen juntas, en el orden en que se informan."""

from __future__ import annotations

from typing import Any

from urdimbre.observe.findings import Finding
from urdimbre.observe.initcheck import Initcheck
from urdimbre.observe.memcheck import Memcheck
from urdimbre.observe.racecheck import Racecheck
from urdimbre.observe.synccheck import Synccheck

EVERYWHERE = ("shared", "global")


def all_checks(races: tuple[str, ...] = EVERYWHERE) -> tuple[Any, ...]:
    """Un observador nuevo de cada clase; ``races`` son las memorias donde busca carreras."""
    return Memcheck(), Initcheck(), Racecheck(races), Synccheck()


def collect(checks: tuple[Any, ...]) -> list[Finding]:
    """Los hallazgos de todos, en el orden de los observadores."""
    return [finding for check in checks for finding in check.findings]
