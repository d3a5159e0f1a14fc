"""Los kernels enfermos del curso, y sus curados, para que los mire compute-sanitizer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from card.cases import SCALE, D, empty, noise

HALO, BLOCK, PAIR = 8, 128, 64  # los de la clínica de la unidad 4


@dataclass(frozen=True)
class Patient:
    """Un kernel de un capítulo y el lanzamiento con que el capítulo lo muestra."""

    chapter: str
    kernel: str
    grid: tuple[int, ...]
    block: tuple[int, ...]
    arguments: Callable[[], tuple[Any, ...]]

    @property
    def name(self) -> str:
        return f"{self.chapter}/{self.kernel}"


def _signal(n: int) -> Callable:
    return lambda: (noise(n + HALO, seed=4), empty(n))


def _square() -> tuple[Any, ...]:
    return noise(64, 64, seed=4), empty(64, 64)


def _queries(n_q: int, n_k: int) -> Callable:
    return lambda: (
        noise(n_q, D), noise(n_k, D, seed=1), noise(n_k, D, seed=2), SCALE, empty(n_q, D),
        empty(n_q),
    )  # fmt: skip


CLINIC, SHARED = "u04_debugging_clinic", "u04_shared_memory"
EIGHT = (8,), (BLOCK,), _signal(1000)
TWO = (2,), (BLOCK,), _signal(1000)
ONE = (1,), (PAIR,), _signal(PAIR)
TILES = (2, 2), (32, 32), _square

PATIENTS = (
    *(Patient(CLINIC, kernel, *ONE) for kernel in ("race_raw", "race_war", "race_waw")),
    *(Patient(CLINIC, kernel, *TWO) for kernel in ("case_one", "case_one_mended")),
    *(Patient(CLINIC, k, *EIGHT) for k in ("case_two", "case_three", "case_five", "smooth_tiled")),
    *(Patient(CLINIC, kernel, *TILES) for kernel in ("case_four", "transpose_padded")),
    Patient(SHARED, "smooth_unsynced", *EIGHT),
    Patient(SHARED, "half_waits", *ONE),
    Patient("u06_scan_ladder", "scan_racy", (1,), (256,), lambda: (noise(256), empty(256))),
    Patient("u11_flash_traffic", "flash_hasty", (1,), (32, 32), _queries(32, 64)),
    Patient("u11_causal_heads", "flash_leaver", (1,), (32, 32), _queries(20, 32)),
)


def of_pages(pages: Collection[str] | None) -> list[Patient]:
    """Los pacientes de esas páginas; todos, si no se pide ninguna."""
    return [patient for patient in PATIENTS if not pages or patient.chapter in pages]


def find(chapter: str, kernel: str) -> Patient:
    """El paciente de ese nombre.

    Raises:
        KeyError: no está en la tabla.
    """
    return {(p.chapter, p.kernel): p for p in PATIENTS}[chapter, kernel]


def findings(patient: Patient, cuda: Any) -> list[Any]:
    """Lo que encuentra nuestro verificador, en el simulador."""
    from card import chapters
    from urdimbre.observe import sanitize

    kernel = chapters.load(patient.chapter, cuda)[patient.kernel]
    copies = (np.copy(a) if isinstance(a, np.ndarray) else a for a in patient.arguments())
    return sanitize(kernel[patient.grid, patient.block], *copies)
