"""Carreras en memoria compartida: casos deducidos a mano."""

import numpy as np
import pytest

from urdimbre.observe import Racecheck

SOURCE = ("s[tx] = x[i]", "cuda.syncthreads()", "y[i] = s[tx + 1]")


def hazards(observer):
    return [(f.detail["hazard"], f.other_line, f.line) for f in observer.findings]


def shared(scene, block=64, grid=1, n=256, dtype="f4"):
    s = scene(block, grid, SOURCE)
    return s, s.array(dtype, n, "shared", name="s")


def test_missing_barrier_in_a_stencil_is_raw(scene):
    # El hilo t escribe s[t] y lee s[t + 1], que escribió t + 1: choca de 0 a 62 (63 hilos);
    # el 63 lee s[64], que nadie escribió.
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, s.t + 1, 3)).findings
    assert (found.kind, found.detail["hazard"], found.severity) == ("race", "RAW", "error")
    assert (found.line, found.other_line, found.count) == (3, 1, 63)
    assert found.threads == ((1, 0, 0), (0, 0, 0)) and found.block == (0, 0, 0)
    assert (found.source, found.other_source) == ("y[i] = s[tx + 1]", "s[tx] = x[i]")
    assert found.array == "s" and "s[1]" in found.message
    assert "entre la línea 1 y la 3" in found.message


def test_a_barrier_separates(scene):
    s, a = shared(scene)
    events = s.store(a, s.t, 1), s.barrier(), s.load(a, s.t + 1, 3)
    assert s.play(Racecheck(), *events).findings == []


def test_own_element_is_no_race(scene):
    s, a = shared(scene)
    events = s.store(a, s.t, 1), s.load(a, s.t, 3), s.store(a, s.t, 4)
    assert s.play(Racecheck(), *events).findings == []


def test_lanes_of_one_warp_also_race(scene):
    # Desde Volta los hilos de un warp no van en fila: s[t] y s[31 - t] chocan en los 32.
    s, a = shared(scene, 32)
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, 31 - s.t, 3)).findings
    assert found.count == 32


def test_read_then_write_is_war(scene):
    # Línea 3 lee s[t + 1]; línea 4 escribe s[t], que leyó t - 1: chocan 1 a 63.
    s, a = shared(scene)
    check = s.play(Racecheck(), s.load(a, s.t + 1, 3), s.store(a, s.t, 4))
    assert hazards(check) == [("WAR", 3, 4)]
    assert check.findings[0].count == 63


def test_read_and_write_in_one_statement(scene):
    # s[t] = s[t + 1]: misma línea; el consejo es leer, barrera y escribir.
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), s.load(a, s.t + 1, 3), s.store(a, s.t, 3)).findings
    assert found.detail["hazard"] == "WAR" and "Lee a una variable" in found.message


def test_missing_barrier_at_the_end_of_a_loop(scene):
    # Vuelta 1: escribe 1, barrera, lee 3. Vuelta 2: escribe 1 lo que otros acaban de leer.
    s, a = shared(scene)
    turn = s.store(a, s.t, 1), s.barrier(), s.load(a, 63 - s.t, 3)
    (found,) = s.play(Racecheck(), *turn, *turn).findings
    assert (found.detail["hazard"], found.other_line, found.line) == ("WAR", 3, 1)
    assert "al final de cada vuelta" in found.message


def test_two_writers_in_different_instructions(scene):
    # t escribe s[t]; después t escribe s[t + 1]: el elemento 1..63 tiene dos escritores.
    s, a = shared(scene)
    check = s.play(Racecheck(), s.store(a, s.t, 1), s.store(a, s.t + 1, 2))
    assert hazards(check) == [("WAW", 1, 2)]
    assert check.findings[0].count == 63


def test_same_instruction_writes(scene):
    # s[t // 2] = t: los hilos 2k y 2k+1 chocan; un caso por elemento, 32.
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), s.store(a, s.t // 2, 1, value=s.t)).findings
    assert (found.detail["hazard"], found.line, found.other_line) == ("WAW", 1, 1)
    assert found.detail["same_instruction"] and found.severity == "error"
    assert found.count == 32 and found.threads == ((1, 0, 0), (0, 0, 0))


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_same_value_is_only_information(scene, value):
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), s.store(a, 0, 1, value=np.float32(value))).findings
    assert found.severity == "info" and found.detail["hazard"] == "WAW"
    assert found.count == 63  # todos menos uno


def test_unknown_value_is_an_error(scene):
    s, a = shared(scene)
    assert s.play(Racecheck(), s.store(a, 0, 1)).findings[0].severity == "error"


def test_atomics_do_not_race_with_atomics(scene):
    s, a = shared(scene)
    events = s.atomic(a, 0, 1), s.atomic(a, s.t % 3, 2)
    assert s.play(Racecheck(), *events).findings == []


def test_atomics_race_with_plain_accesses(scene):
    # Todos suman en s[0] y el hilo 5 la lee sin barrera; luego el hilo 6 la pone en cero.
    s, a = shared(scene)
    events = s.atomic(a, 0, 1), s.load(a, 0, 2, mask=s.t == 5), s.store(a, 0, 3, mask=s.t == 6)
    check = s.play(Racecheck(), *events)
    assert hazards(check) == [("RAW", 1, 2), ("WAW", 1, 3), ("WAR", 2, 3)]
    assert "atómica" in check.findings[0].message


def test_zeroing_before_atomics_needs_a_barrier(scene):
    s, a = shared(scene)
    zero, add = s.store(a, s.t, 1), s.atomic(a, 0, 2)
    assert hazards(s.play(Racecheck(), zero, add)) == [("WAW", 1, 2)]
    assert s.play(Racecheck(), zero, s.barrier(), add).findings == []


def test_blocks_never_race_in_shared_memory(scene):
    # El bloque b solo usa el hilo b: cada bloque, un hilo; no hay con quién chocar.
    s, a = shared(scene, 64, 4)
    mine = s.t == s.b
    events = s.store(a, 0, 1, mask=mask_of(s, mine)), s.load(a, 0, 3, mask=mask_of(s, mine))
    assert s.play(Racecheck(), *events).findings == []


def mask_of(s, mask):
    return np.broadcast_to(mask, s.lanes.shape)


def test_counts_cover_every_block(scene):
    # El mismo choque de 63 hilos en cada uno de 5 bloques: también con máscara por bloque.
    s, a = shared(scene, 64, 5)
    for mask in (True, mask_of(s, s.b >= 0)):
        check = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, s.t + 1, 3, mask=mask))
        assert [f.count for f in check.findings] == [5 * 63]


def test_race_in_one_block_only(scene):
    # Solo el bloque 2 corre el índice.
    s, a = shared(scene, 64, 4)
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, s.t + (s.b == 2), 3)).findings
    assert found.block == (2, 0, 0) and found.count == 63


def test_barrier_resets_only_the_blocks_that_arrive(scene):
    # Llegan los bloques 1 y 3; el 0 y el 2 siguen en la fase anterior.
    s, a = shared(scene, 64, 4)
    events = s.store(a, s.t, 1), s.barrier(mask=s.b % 2 == 1), s.load(a, s.t + 1, 3)
    (found,) = s.play(Racecheck(), *events).findings
    assert found.count == 2 * 63 and found.block == (0, 0, 0)
    later = s.barrier(), s.load(a, s.t + 2, 4)
    assert len(s.play(Racecheck(), *events, *later).findings) == 1


def test_barrier_with_a_full_mask_of_blocks_resets_all(scene):
    s, a = shared(scene, 64, 3)
    everyone = mask_of(s, s.t >= 0)
    events = s.store(a, s.t + 0 * s.b, 1), s.barrier(mask=everyone), s.load(a, s.t + 1, 3)
    assert s.play(Racecheck(), *events).findings == []


def test_missing_lanes_do_not_write(scene):
    # 40 hilos: los carriles 40 a 63 no existen y no pueden chocar con s[40..63].
    s, a = shared(scene, 40)
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, s.t + 1, 3)).findings
    assert found.count == 39


def test_aliased_arrays_of_other_types_race(scene):
    # La memoria dinámica se ve como int8 y como float64: el hilo 1 escribe los bytes 8 a 15
    # y el hilo 0 lee el byte 8.
    s = scene(32)
    wide, narrow = (s.array(d, n, "shared", name=d) for d, n in (("f8", 32), ("i1", 256)))
    only = s.t < 1
    events = s.store(wide, s.t, 1), s.load(narrow, 8, 2, mask=only)
    (found,) = s.play(Racecheck(), *events).findings
    assert (found.count, found.threads) == (1, ((1, 0, 0), (0, 0, 0)))
    own_byte = s.store(wide, s.t, 1), s.load(narrow, 7, 2, mask=only)
    assert s.play(Racecheck(), *own_byte).findings == []


def test_neighbour_bytes_do_not_race(scene):
    # int8: cada hilo su byte, aunque compartan la palabra de 4 B.
    s, a = shared(scene, dtype="i1")
    events = s.store(a, s.t, 1), s.load(a, s.t, 2)
    assert s.play(Racecheck(), *events).findings == []


def test_wide_stores_that_overlap_by_half(scene):
    # float64 en direcciones de 4 en 4: el carril k pisa los bytes 4k a 4k+7 y choca con k+1.
    s = scene(32)
    a = s.array("f8", 64, "shared", name="s")
    event = s.store(a, s.t, 1)
    shifted = type(event)("store", 1, a, 4 * s.t, True, 8, s.lanes, (s.t,))
    (found,) = s.play(Racecheck(), shifted).findings
    assert found.detail["hazard"] == "WAW" and found.count == 31


def test_out_of_bounds_lanes_are_left_to_memcheck(scene):
    # Índice t + 230 en s[256]: del 26 en adelante se sale y la escritura no ocurre.
    s, a = shared(scene)
    assert s.play(Racecheck(), s.store(a, s.t + 230, 1)).findings == []


def test_global_memory_is_watched_on_request(scene):
    # El hilo t de cada bloque escribe y[t]: en la misma instrucción chocan los 2 bloques (64).
    s = scene(64, 2)
    store = s.store(s.array("f4", 64, name="y"), s.t, 1)
    assert s.play(Racecheck(), store).findings == []
    (found,) = s.play(Racecheck(("shared", "global")), store).findings
    assert (found.detail["space"], found.count) == ("global", 64)
    assert found.detail["block"] != found.detail["other_block"]
    assert "memoria global" in found.message and "del bloque 1" in found.message


def test_barriers_do_not_order_blocks(scene):
    # El bloque b escribe y[64 b + t]; tras la barrera lee el elemento siguiente. Dentro del
    # bloque está ordenado; el hilo 63 del bloque 0 lee lo que escribió el bloque 1.
    s = scene(64, 2)
    a, i = s.array("f4", 128, name="y"), 64 * s.b + s.t
    events = s.store(a, i, 1), s.barrier(), s.load(a, (i + 1) % 128, 3)
    first, *rest = s.play(Racecheck(("global",)), *events).findings
    assert rest == [] and first.count == 2 and first.detail["hazard"] == "RAW"
    assert "Entre bloques no hay barrera" in first.message
    assert s.play(Racecheck(("global",)), events[0], events[1], s.load(a, i ^ 1, 3)).findings == []


def test_another_launch_is_ordered(scene):
    s = scene(64, 2)
    a = s.array("f4", 128)
    check = Racecheck(("global",))
    s.play(check, s.store(a, 64 * s.b + s.t, 1))
    s.play(check, s.load(a, 127 - 64 * s.b - s.t, 1))
    assert check.findings == []


def test_threads_of_two_dimensional_blocks_are_named(scene):
    # Bloque 16x4: el hilo lineal 17 es (x=1, y=1). Escribe s[ty, tx], lee s[ty, 15 - tx].
    s = scene((16, 4))
    a = s.array("f4", (4, 16), "shared", name="s")
    events = s.store(a, (s.ty, s.tx), 1), s.load(a, (s.ty, 15 - s.tx), 3, mask=s.t == 17)
    (found,) = s.play(Racecheck(), *events).findings
    assert found.threads == ((14, 1, 0), (1, 1, 0))
    assert "(x=1, y=1)" in found.message and "s[1, 14]" in found.message


def test_reported_as_data(scene):
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), s.load(a, s.t + 1, 3)).findings
    assert found.to_dict()["detail"]["hazard"] == "RAW"
    assert str(found).splitlines()[1:] == ["       1 | s[tx] = x[i]", "       3 | y[i] = s[tx + 1]"]


def sum_of_warp(s, a, *between):
    """Cada carril escribe s[t]; el carril 0 de cada warp lee los 32 de su warp."""
    first = s.t % 32 == 0
    return s.store(a, s.t, 1), *between, *(s.load(a, s.t + j, 3, mask=first) for j in range(32))


def test_syncwarp_orders_its_warp(scene):
    # Sin syncwarp el carril 0 choca al leer s[t + 1] ... s[t + 31]: 31 lecturas x 2 warps.
    s, a = shared(scene)
    (found,) = s.play(Racecheck(), *sum_of_warp(s, a)).findings
    assert (found.detail["hazard"], found.count) == ("RAW", 62)
    assert s.play(Racecheck(), *sum_of_warp(s, a, s.barrier(kind="syncwarp"))).findings == []


def test_syncwarp_does_not_order_other_warps(scene):
    # s[t + 1] del hilo 31 lo escribe el hilo 32, de otro warp: queda ese choque y nada más.
    s, a = shared(scene)
    events = s.store(a, s.t, 1), s.barrier(kind="syncwarp"), s.load(a, s.t + 1, 3)
    (found,) = s.play(Racecheck(), *events).findings
    assert (found.count, found.threads) == (1, ((32, 0, 0), (31, 0, 0)))


def test_syncwarp_of_one_warp_only(scene):
    # Solo el warp 0 se sincroniza: en el warp 1 siguen los 31 choques, y el del hilo 31.
    s, a = shared(scene)
    half = s.barrier(mask=s.t < 32, kind="syncwarp")
    (found,) = s.play(Racecheck(), s.store(a, s.t, 1), half, s.load(a, s.t + 1, 3)).findings
    assert found.count == 32


def test_finished_lanes_do_not_hold_a_syncwarp(scene):
    s, a = shared(scene, 32)
    alive, gone = s.t < 20, s.t >= 20
    warp = s.barrier(mask=alive, exited=gone, kind="syncwarp")
    store, load = s.store(a, s.t, 1, mask=alive), s.load(a, 19 - s.t, 3, mask=alive)
    assert s.play(Racecheck(), store, warp, load).findings == []


def test_the_value_may_vary_by_block_where_the_address_does_not(scene):
    # Todos escriben s[0]: en cada bloque lo mismo (su número) es información; si además cambia
    # con el hilo, es un error.
    s, a = shared(scene, 64, 2)
    (found,) = s.play(Racecheck(), s.store(a, 0, 1, value=s.b)).findings
    assert (found.severity, found.count) == ("info", 2 * 63)
    (found,) = s.play(Racecheck(), s.store(a, 0, 1, value=s.b * s.t)).findings
    assert (found.severity, found.count) == ("error", 2 * 63)


@pytest.mark.parametrize("named", [32, 24])
def test_what_finished_lanes_wrote_is_ordered(scene, named):
    # Los hilos 20 a 31 escriben y terminan; 0 a 19 se reúnen y leen s[31 - t]. Con una máscara
    # que nombra 0 a 23, lo de 24 a 31 no está ordenado con nadie: lo leen los hilos 0 a 7.
    s, a = shared(scene, 32)
    alive = s.t < 20
    warp = s.barrier(mask=alive, exited=~alive, kind="syncwarp", named=s.t < named)
    events = s.store(a, s.t, 1), warp, s.load(a, 31 - s.t, 3, mask=alive)
    found = s.play(Racecheck(), *events).findings
    assert [f.count for f in found] == ([] if named == 32 else [8])
