"""Los consejos: cada umbral, por los dos lados, con las cuentas a mano."""

import json

import numpy as np
import pytest

from urdimbre.observe import Counters, Tally, advise, profile
from urdimbre.sim import facade as cuda
from urdimbre.sim.events import LaunchInfo

f4 = np.float32


def launch(blocks=128):
    return LaunchInfo("k", "<celda>", 1, (), (blocks, 1, 1), (32, 1, 1))


def rules(counters, blocks=128):
    return [(a.rule, a.line) for a in advise(launch(blocks), counters.by_line, counters.total)]


def test_coalesced_access_gets_no_advice(scene):
    s = scene(64)
    a = s.array("f4", 64)
    assert rules(s.play(Counters(), s.load(a, s.t, 1), s.store(a, s.t, 2))) == []


def test_strided_access_counts_its_excess(scene):
    # 64 hilos = 2 warps leen x[2 t]: 256 B seguidos por warp, 8 sectores; lo ideal, 128 B, 4.
    # Sobran 2 x 4 = 8 de 16, el 50 %.
    s = scene(64)
    check = s.play(Counters(), s.load(s.array("f4", 128), 2 * s.t, 7))
    (advice,) = advise(launch(), check.by_line, check.total)
    assert (advice.rule, advice.line) == ("UncoalescedGlobalAccess", 7)
    assert "sobran 8 de 16 sectores (50,0 %)" in advice.message


def test_a_broadcast_is_not_an_excess(scene):
    # Todos leen x[0]: 1 sector por warp, menos que los 4 ideales.
    s = scene(64)
    check = s.play(Counters(), s.load(s.array("f4", 64), 0, 1))
    assert (check.total.global_load_sectors, check.total.global_load_ideal) == (1 * 2, 4 * 2)
    assert check.total.excess_sectors == 0 and rules(check) == []


def test_the_ideal_of_a_partial_warp(scene):
    # 5 carriles de 8 B: 40 B, 2 sectores ideales; separados de 32 en 32 B, 5 sectores.
    s = scene(32)
    check = s.play(Counters(), s.load(s.array("f8", 256), 4 * s.t, 1, mask=s.t < 5))
    total = check.total
    assert (total.global_load_ideal, total.global_load_sectors, total.excess_sectors) == (2, 5, 3)


def test_the_ideal_depends_on_the_size(scene):
    # Un warp entero: 32 B de int8 son 1 sector, y 256 B de float64 son 8.
    s = scene(64)
    for dtype, ideal in (("i1", 1), ("f4", 4), ("f8", 8)):
        total = s.play(Counters(), s.store(s.array(dtype, 64), s.t, 1)).total
        assert (total.global_store_ideal, total.global_store_sectors) == (2 * ideal, 2 * ideal)


def test_only_the_worst_lines_are_named(scene):
    s = scene(32)
    x = s.array("f4", 2048)
    events = [s.load(x, stride * s.t, line) for line, stride in enumerate((2, 8, 4, 3, 6), 1)]
    # De más: con paso 2, 4; con 8 o más, 28; con 4, 12; con 3, 8; con 6, 20 (24 sectores).
    assert rules(s.play(Counters(), *events)) == [
        ("UncoalescedGlobalAccess", 2),
        ("UncoalescedGlobalAccess", 5),
        ("UncoalescedGlobalAccess", 3),
    ]


@pytest.mark.parametrize(("clean", "fires"), [(8, True), (9, False)])
def test_conflicts_from_ten_percent(scene, clean, fires):
    # Un acceso de 2 vías: 2 turnos, 1 de más. Con 8 limpios, 1 de 10 = 10 %; con 9, 1 de 11.
    s = scene(32)
    a = s.array("f4", 64, "shared")
    events = [s.load(a, 2 * s.t, 3), *[s.load(a, s.t, 4)] * clean]
    check = s.play(Counters(), *events)
    assert rules(check) == ([("SharedMemoryConflicts", 3)] if fires else [])
    assert check.total.conflict_share == pytest.approx(1 / (2 + clean))


def test_conflicts_say_how_many_ways(scene):
    # Columna de una tesela de 32: 32 turnos, 31 de más.
    s = scene(32)
    check = s.play(Counters(), s.load(s.array("f4", 1024, "shared"), 32 * s.t, 3))
    (advice,) = advise(launch(), check.by_line, check.total)
    assert "31 de 32 turnos (96,9 %)" in advice.message and "32,0 vías" in advice.message


@pytest.mark.parametrize(("lanes", "fires"), [(23, True), (24, False)])
def test_divergence_below_24_lanes(scene, lanes, fires):
    s = scene(32)
    check = s.play(Counters(), s.load(s.array("f4", 32), s.t, 1, mask=s.t < lanes))
    found = advise(launch(), check.by_line, check.total)
    assert [a.rule for a in found] == (["ThreadDivergence"] if fires else [])


def test_divergence_says_who_waits(scene):
    # Dos ramas de 16 carriles y una decisión de 32: (16 + 16 + 32) / 3 = 21,3; espera 1/3.
    s = scene(32)
    a, low = s.array("f4", 32), s.t < 16
    events = s.branch(low), s.store(a, s.t, 2, mask=low), s.store(a, s.t, 4, mask=~low)
    check = s.play(Counters(), *events)
    assert (check.total.warp_steps, check.total.active_lanes) == (3, 64)
    (advice,) = advise(launch(), check.by_line, check.total)
    assert "21,3 de 32 carriles" in advice.message and "33,3 %" in advice.message


@pytest.mark.parametrize(("blocks", "fires"), [(127, True), (128, False), (1, True)])
def test_fewer_than_128_blocks(blocks, fires):
    found = advise(launch(blocks), {}, Tally())
    assert [a.rule for a in found] == (["grid"] if fires else [])
    assert all(f"{blocks} bloque" in a.message for a in found)


def test_the_grid_counts_every_axis():
    assert advise(LaunchInfo("k", "", 1, (), (8, 4, 4), (32, 1, 1)), {}, Tally()) == []


@cuda.jit
def column_sums(a, out):
    row = cuda.grid(1)
    total = f4(0)
    for k in range(a.shape[1]):
        total += a[row, k]
    out[row] = total


def test_a_profile_carries_its_advice():
    # 64 filas de 64 float32: en cada vuelta un warp toca 32 filas, 32 sectores; lo ideal, 4.
    # 2 warps x 64 vueltas: 4096 sectores, sobran 3584.
    report = profile(column_sums[1, 64], np.ones((64, 64), f4), np.zeros(64, f4))
    first, grid = report.advice
    assert "sobran 3584 de 4096 sectores (87,5 %)" in first.message
    assert grid.rule == "grid"
    assert first.message in str(report) and first.message in report._repr_html_()
    data = json.loads(json.dumps(report.to_dict()))
    assert [a["rule"] for a in data["advice"]] == ["UncoalescedGlobalAccess", "grid"]
