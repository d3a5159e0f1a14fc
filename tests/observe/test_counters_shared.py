"""Memoria compartida, atómicas, barreras y decisiones: cifras deducidas a mano."""

import numpy as np
import pytest

from urdimbre.observe import Counters

L = np.arange(32, dtype=np.int64).reshape(1, 1, 32)

# Banco = palabra de 4 B módulo 32. (tipo, índice, clase, frentes, ideales)
ONE_WARP = {
    # 32 palabras seguidas, 32 bancos.
    "float32 seguido": ("f4", L, "load", 1, 1),
    # Palabras 0, 2, ..., 62: los bancos pares, dos palabras cada uno.
    "paso 2": ("f4", 2 * L, "load", 2, 1),
    # Paso impar: recorre los 32 bancos.
    "paso 3": ("f4", 3 * L, "load", 1, 1),
    # Paso 16: bancos 0 y 16, 16 palabras en cada uno.
    "paso 16": ("f4", 16 * L, "store", 16, 1),
    # Paso 32: todas en el banco 0.
    "paso 32": ("f4", 32 * L, "load", 32, 1),
    # Una columna más (padding): la palabra 33 k cae en el banco k.
    "paso 33": ("f4", 33 * L, "load", 1, 1),
    # Todos la misma palabra: difusión.
    "difusión": ("f4", 0 * L, "load", 1, 1),
    # Palabra 0 para media fila y palabra 32 para la otra: banco 0 dos veces.
    "dos palabras de un banco": ("f4", 32 * (L // 16), "load", 2, 1),
    # int8 seguido: 8 palabras, cuatro carriles cada una.
    "int8": ("i1", L, "load", 1, 1),
    # int8 cada 128 B: 32 palabras del banco 0.
    "int8 paso 128": ("i1", 128 * L, "load", 32, 1),
    # float64 seguido: cada mitad de warp usa 32 palabras seguidas, 1 frente; dos mitades.
    "float64 seguido": ("f8", L, "load", 2, 2),
    # float64 paso 2: en cada mitad los pares de bancos (4k, 4k+1) se repiten: 16 pares sobre
    # 8 lugares, 2 frentes por mitad.
    "float64 paso 2": ("f8", 2 * L, "store", 4, 2),
    # float64 paso 16: 128 B entre carriles, todos en los bancos 0 y 1: 16 por mitad.
    "float64 paso 16": ("f8", 16 * L, "load", 32, 2),
    # 16 B seguidos: cada cuarto usa 32 palabras seguidas; cuatro cuartos.
    "16 B seguido": ("c16", L, "load", 4, 4),
    # 16 B paso 8: 128 B entre carriles: 8 por cuarto, 32 en total.
    "16 B paso 8": ("c16", 8 * L, "store", 32, 4),
    # 16 B uniforme al leer: los cuartos se juntan de dos en dos.
    "16 B uniforme": ("c16", 0 * L, "load", 2, 2),
    # La excepción es del camino de vuelta: una escritura no la tiene.
    "16 B uniforme al escribir": ("c16", 0 * L, "store", 4, 4),
    # Carriles vecinos iguales: 16 elementos de 16 B, 8 por mitad: 32 palabras, 1 frente.
    "16 B en pares": ("c16", L // 2, "load", 2, 2),
}


@pytest.mark.parametrize("case", ONE_WARP)
def test_wavefronts_of_one_warp(scene, case):
    dtype, index, kind, spent, ideal = ONE_WARP[case]
    s = scene()
    a = s.array(dtype, 8192, space="shared")
    total = s.play(Counters(), s.access(kind, a, index)).total
    names = [f"shared_{kind}_{n}" for n in ("requests", "wavefronts", "ideal")]
    assert [getattr(total, n) for n in names] == [1, spent, ideal]
    assert total.bank_conflicts == spent - ideal
    assert total.n_way == spent


def test_tile_by_columns_and_padding(scene):
    # Bloque 32x8: s[tx, ty] con filas de 32 palabras cae en un solo banco (32 vías);
    # con filas de 33, en 32 bancos. 8 warps.
    s = scene((32, 8))
    bare, padded = (s.array("f4", (32, n), space="shared") for n in (32, 33))
    conflicted = s.play(Counters(), s.load(bare, (s.tx, s.ty))).total
    clean = s.play(Counters(), s.load(padded, (s.tx, s.ty))).total
    assert (conflicted.shared_load_wavefronts, conflicted.n_way) == (256, 32.0)
    assert (clean.shared_load_wavefronts, clean.bank_conflicts) == (8, 0)


def test_matmul_inner_loop(scene):
    # Bloque 16x16, un warp son dos filas. sA[ty, j]: palabras 16 ty + j, bancos j y j+16: 1.
    # sB[j, tx]: 16 palabras seguidas, cada una para dos carriles: 1.
    s = scene((16, 16), 4)
    a = s.array("f4", (16, 16), space="shared")
    total = s.play(Counters(), s.load(a, (s.ty, 3)), s.load(a, (3, s.tx))).total
    assert (total.shared_load_requests, total.shared_load_wavefronts) == (64, 64)


def test_masked_lanes_make_no_conflict(scene):
    # Paso 32 con 4 carriles activos: 4 palabras del banco 0.
    s = scene(64)
    a = s.array("f4", 2048, space="shared")
    total = s.play(Counters(), s.load(a, 32 * (s.t % 32), mask=s.t < 4)).total
    assert (total.shared_load_requests, total.shared_load_wavefronts) == (1, 4)
    assert total.shared_load_ideal == 1


def test_half_of_a_float64_warp(scene):
    # Solo los carriles 0 a 15: una mitad, 1 frente e ideal 1.
    s = scene()
    total = s.play(Counters(), s.load(s.array("f8", 32, "shared"), s.t, mask=s.t < 16)).total
    assert (total.shared_load_wavefronts, total.shared_load_ideal) == (1, 1)


def test_atomic_contention(scene):
    # Histograma con 64 hilos sobre 4 casillas, t % 4: 8 carriles por casilla en cada warp.
    s = scene(64)
    total = s.play(Counters(), s.atomic(s.array("i4", 4), s.t % 4)).total
    assert (total.atomic_requests, total.atomic_lanes) == (2, 64)
    assert (total.atomic_passes, total.atomic_max_lanes) == (16, 8)


def test_atomic_on_one_address_with_a_guard(scene):
    # 40 de 64 hilos sobre una casilla: 32 carriles y 8 carriles.
    s = scene(64)
    total = s.play(Counters(), s.atomic(s.array("i4", 1, "shared"), 0, mask=s.t < 40)).total
    assert (total.atomic_requests, total.atomic_lanes) == (2, 40)
    assert (total.atomic_passes, total.atomic_max_lanes) == (40, 32)


def test_atomic_without_contention(scene):
    s = scene()
    total = s.play(Counters(), s.atomic(s.array("i4", 32), 31 - s.t)).total
    assert (total.atomic_passes, total.atomic_max_lanes) == (1, 1)


def test_barriers_are_counted_per_block(scene):
    # 3 bloques; a la segunda solo llegan los bloques 1 y 2; syncwarp no cuenta.
    s = scene(64, 3)
    events = [s.barrier(), s.barrier(mask=(s.b > 0)), s.barrier(kind="syncwarp")]
    assert s.play(Counters(), *events).total.barriers == 5


def test_branch_divergence_is_per_warp(scene):
    # 64 hilos. t < 32 parte por warps: nadie diverge. t % 2 parte cada warp. t < 40 parte uno.
    s = scene(64)
    uniform = s.play(Counters(), s.branch(s.t < 32)).total
    odd = s.play(Counters(), s.branch(s.t % 2 == 1)).total
    one = s.play(Counters(), s.branch(s.t < 40)).total
    assert (uniform.branches, uniform.divergent_branches) == (2, 0)
    assert (odd.branches, odd.divergent_branches) == (2, 2)
    assert (one.branches, one.divergent_branches) == (2, 1)
    assert one.uniform_branches == 0.5


def test_branch_ignores_lanes_that_do_not_exist(scene):
    # 48 hilos, t < 48: los 16 carriles que faltan no hacen divergir al warp 1.
    s = scene(48, 3)
    total = s.play(Counters(), s.branch(s.t < 48)).total
    assert (total.branches, total.divergent_branches) == (6, 0)


def test_branch_ignores_inactive_lanes(scene):
    # Solo deciden los pares, y todos dicen que sí.
    s = scene()
    total = s.play(Counters(), s.branch(s.t % 2 == 0, mask=s.t % 2 == 0)).total
    assert (total.branches, total.divergent_branches) == (1, 0)


def test_scalar_branch_and_block_branch(scene):
    # Un bool para toda la malla; y una condición por bloque. 2 bloques x 2 warps, dos veces.
    s = scene(64, 2)
    total = s.play(Counters(), s.branch(True), s.branch(s.b == 0)).total
    assert (total.branches, total.divergent_branches) == (8, 0)
