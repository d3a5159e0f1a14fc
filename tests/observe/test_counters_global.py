"""Memoria global: cada cifra se deduce a mano en el comentario de al lado."""

import numpy as np
import pytest

from urdimbre.observe import Counters

L = np.arange(32, dtype=np.int64).reshape(1, 1, 32)

# Un warp, todo activo. (tipo, índice por carril, base, sectores)
ONE_WARP = {
    # 32 x 4 B = 128 B seguidos = 4 sectores de 32 B.
    "float32 seguido": ("f4", L, 0, 4),
    # 32 x 8 B = 256 B = 8 sectores.
    "float64 seguido": ("f8", L, 0, 8),
    # 32 x 16 B = 512 B = 16 sectores.
    "complex128 seguido": ("c16", L, 0, 16),
    # 32 x 1 B = 32 B = 1 sector.
    "int8 seguido": ("i1", L, 0, 1),
    # 32 x 2 B = 64 B = 2 sectores.
    "float16 seguido": ("f2", L, 0, 2),
    # Paso 2: cada 8 B; abarca 256 B = 8 sectores.
    "float32 paso 2": ("f4", 2 * L, 0, 8),
    # Paso 8: cada 32 B, un sector por carril.
    "float32 paso 8": ("f4", 8 * L, 0, 32),
    # Paso 32: cada 128 B, un sector por carril: no pasa de 32.
    "float32 paso 32": ("f4", 32 * L, 0, 32),
    # Paso 4 de float64: cada 32 B, un sector por carril.
    "float64 paso 4": ("f8", 4 * L, 0, 32),
    # Base corrida 4 B: bytes 4 a 131, sectores 0 a 4.
    "base corrida un elemento": ("f4", L + 1, 0, 5),
    # Base corrida 32 B: bytes 32 a 159, sectores 1 a 4.
    "base corrida un sector": ("f4", L + 8, 0, 4),
    # float64 en base 4 (vista desalineada): bytes 4 a 259, sectores 0 a 8; el carril 3 toca
    # los bytes 28 a 35 y cruza de sector.
    "elementos que cruzan sectores": ("f8", L, 4, 9),
    # int32 en base 30, paso 8: cada carril toca los bytes 30+32k a 33+32k: sectores k y k+1;
    # la unión es 0 a 32.
    "cada elemento cruza": ("i4", 8 * L, 30, 33),
    # Todos el mismo elemento.
    "difusión": ("f4", 0 * L, 0, 1),
    # Al revés toca los mismos 128 B.
    "orden inverso": ("f4", 31 - L, 0, 4),
    # Índice permutado: los mismos 128 B.
    "permutado": ("f4", L * 13 % 32, 0, 4),
    # Pares: carriles 2k y 2k+1 leen el elemento k: 16 x 4 B = 64 B.
    "de dos en dos": ("f4", L // 2, 0, 2),
}


@pytest.mark.parametrize("case", ONE_WARP)
def test_sectors_of_one_warp(scene, case):
    dtype, index, shift, sectors = ONE_WARP[case]
    s = scene()
    a = s.array(dtype, 2048, base=0x10000 + shift)
    total = s.play(Counters(), s.load(a, index)).total
    assert (total.global_load_requests, total.global_load_sectors) == (1, sectors)
    assert total.global_load_bytes == 32 * np.dtype(dtype).itemsize
    assert total.global_store_requests == total.shared_load_requests == 0


def test_scalar_address_is_one_sector_a_warp(scene):
    # Dirección escalar: 2 bloques x 3 warps = 6 peticiones de un sector.
    s = scene(96, 2)
    total = s.play(Counters(), s.load(s.array("f4", 4), 0)).total
    assert (total.global_load_requests, total.global_load_sectors) == (6, 6)
    assert total.global_load_bytes == 2 * 96 * 4


def test_partial_warp(scene):
    # 40 hilos: warp 0 entero (4 sectores) y warp 1 con 8 carriles (32 B = 1 sector).
    s = scene(40)
    total = s.play(Counters(), s.store(s.array("f4", 64), s.t)).total
    assert (total.global_store_requests, total.global_store_sectors) == (2, 5)
    assert total.global_store_bytes == 160
    assert total.store_efficiency == 1.0


def test_masked_lanes_do_not_count(scene):
    # Guarda i < 37 con 64 hilos: warp 0, 4 sectores; warp 1, carriles 0 a 4, 20 B = 1 sector.
    s = scene(64)
    total = s.play(Counters(), s.load(s.array("f4", 64), s.t, mask=s.t < 37)).total
    assert (total.global_load_requests, total.global_load_sectors) == (2, 5)
    assert total.global_load_bytes == 37 * 4


def test_warp_without_lanes_makes_no_request(scene):
    # Guarda i < 32 con 64 hilos: el warp 1 no pide nada.
    s = scene(64)
    total = s.play(Counters(), s.load(s.array("f4", 64), s.t, mask=s.t < 32)).total
    assert (total.global_load_requests, total.global_load_sectors) == (1, 4)


def test_holes_in_the_mask(scene):
    # Solo los carriles pares, paso 1: 16 elementos repartidos en los mismos 128 B = 4 sectores.
    s = scene()
    total = s.play(Counters(), s.load(s.array("f4", 32), s.t, mask=s.t % 2 == 0)).total
    assert total.global_load_sectors == 4
    assert total.load_efficiency == 0.5  # 64 B pedidos de 128 B


def test_one_lane(scene):
    # Un carril, un sector: 4 B de 32.
    s = scene()
    total = s.play(Counters(), s.load(s.array("f4", 32), s.t, mask=s.t == 31)).total
    assert (total.global_load_sectors, total.load_efficiency) == (1, 0.125)


def test_rows_against_columns(scene):
    # Bloque 32x8 sobre 32x32 float32: por filas cada warp lee 128 B (4 sectores);
    # por columnas cada carril cae en otra fila de 128 B (32 sectores). 8 warps.
    s = scene((32, 8))
    a = s.array("f4", (32, 32))
    rows = s.play(Counters(), s.load(a, (s.ty, s.tx))).total
    columns = s.play(Counters(), s.load(a, (s.tx, s.ty))).total
    assert (rows.global_load_requests, rows.global_load_sectors) == (8, 32)
    assert (columns.global_load_requests, columns.global_load_sectors) == (8, 256)
    assert columns.load_sectors_per_request == 32.0
    assert columns.efficiency == 0.125


def test_block_of_sixteen_columns(scene):
    # Bloque 16x16 sobre filas de 64 float32 (256 B): un warp toca 2 filas x 64 B = 4 sectores.
    s = scene((16, 16))
    total = s.play(Counters(), s.load(s.array("f4", (64, 64)), (s.ty, s.tx))).total
    assert (total.global_load_requests, total.global_load_sectors) == (8, 32)


def test_blocks_are_counted_apart(scene):
    # i = 48 b + t con bloques de 48 hilos: cada bloque tiene un warp entero y uno de 16.
    # Bloque 0: bytes 0-127 (4) y 128-191 (2). Bloque 1: 192-319 (4) y 320-383 (2). Suman 12.
    s = scene(48, 2)
    total = s.play(Counters(), s.load(s.array("f4", 96), 48 * s.b + s.t)).total
    assert (total.global_load_requests, total.global_load_sectors) == (4, 12)


def test_block_invariant_access_is_multiplied(scene):
    # Todos los bloques leen los mismos 128 B: 5 bloques x 4 sectores.
    s = scene(32, 5)
    total = s.play(Counters(), s.load(s.array("f4", 32), s.t)).total
    assert (total.global_load_requests, total.global_load_sectors) == (5, 20)


def test_lines_are_counted_apart(scene):
    s = scene()
    a = s.array("f4", 1024)
    counters = s.play(Counters(), s.load(a, s.t, line=3), s.load(a, 8 * s.t, line=4))
    assert counters.by_line[3].load_sectors_per_request == 4.0
    assert counters.by_line[4].load_sectors_per_request == 32.0
    assert counters.total.global_load_sectors == 36


def test_constant_memory_is_left_out(scene):
    s = scene()
    counters = s.play(Counters(), s.load(s.array("f4", 8, space="const"), 0))
    assert counters.total.to_dict() == Counters().total.to_dict() | {"blocks": 1}


@pytest.mark.parametrize(
    ("dtype", "index", "sectors"),
    [
        # Todos el mismo índice: la palabra de los 32 hilos va seguida, 128 B, 4 sectores.
        ("f4", lambda t: 0 * t, 4),
        # Con 8 B son dos palabras por hilo: 8 sectores.
        ("f8", lambda t: 0 * t, 8),
        # Cada hilo otro índice: su palabra está en otra línea de 128 B, 32 sectores.
        ("f4", lambda t: t, 32),
        # Dos índices, los pares y los impares: en cada grupo de 8 carriles hay de los dos.
        ("f4", lambda t: t % 2, 8),
        # Dos índices, una mitad cada uno: dos grupos de 8 carriles por índice.
        ("f4", lambda t: t // 16, 4),
        # Un byte por hilo: cuatro índices seguidos caben en la misma palabra.
        ("i1", lambda t: t % 4, 4),
    ],
)
def test_local_memory_is_interleaved(scene, dtype, index, sectors):
    s = scene(64)
    a = s.array(dtype, 64, space="local")
    total = s.play(Counters(), s.load(a, index(s.t % 32)), s.store(a, index(s.t % 32))).total
    assert (total.local_load_requests, total.local_store_requests) == (2, 2)
    assert (total.local_load_sectors, total.local_store_sectors) == (2 * sectors, 2 * sectors)
    # Casi siempre son registros: no cuentan como accesos al medir la divergencia.
    assert (total.warp_steps, total.moved_bytes) == (0, 0)


@pytest.mark.parametrize(
    ("index", "distinct", "share"),
    [
        # Seguidos: los 128 B de 4 sectores. Con paso 2, la mitad de 8 sectores.
        (lambda t: t, 128, 1.0),
        (lambda t: 2 * t, 128, 0.5),
        # Todos el mismo: 4 B de 32. La eficiencia de ncu cuenta 128 de 32, y pasa de 1.
        (lambda t: 0 * t, 4, 0.125),
        # De dos en dos: 16 elementos, 64 B, 2 sectores.
        (lambda t: t // 2, 64, 1.0),
    ],
)
def test_useful_share_never_counts_a_byte_twice(scene, index, distinct, share):
    s = scene(32)
    total = s.play(Counters(), s.load(s.array("f4", 64), index(s.t))).total
    assert (total.global_load_distinct, total.useful_share) == (distinct, share)
    assert total.global_load_bytes == 128
