"""La tabla de recursos de una escalera, desde la grabación del compilador."""

import pytest

from urdimbre.compiler import occupancy, recorded
from urdimbre.errors import ArgumentError
from urdimbre.plots.resources import resources
from urdimbre.sim import facade as cuda

TILE16 = "u08_matmul_ladder/matmul_tile16"


def test_the_table_shows_the_recorded_resources_and_their_date():
    found = resources(TILE16, capability="9.0").data
    registers, shared = recorded.row(TILE16)["usages"]["9.0"][:2]
    warps = occupancy(256, registers, shared, "9.0").warps
    assert f"| `matmul_tile16` | 256 | {registers} | {shared} | {warps} |" in found
    year, month, day = recorded.recording()["date"].split("-")
    assert f"grabados el {int(day)}/{int(month)}/{year}" in found
    assert "Ningún kernel derrama." in found


def test_a_kernel_is_known_by_its_text():
    @cuda.jit
    def other(x):
        x[0] = 1

    with pytest.raises(ArgumentError, match="No hay una grabación del compilador para «other»"):
        resources(other)
    with pytest.raises(ArgumentError, match="u99"):
        resources("u99/none")


def test_a_spill_is_said(monkeypatch):
    row = recorded.row(TILE16)
    spilled = row | {"usages": {"8.0": [255, 0, 16, 8, 8]}}
    monkeypatch.setitem(recorded.recording()["kernels"], TILE16, spilled)
    assert "Derraman: `matmul_tile16`." in resources(TILE16).data
