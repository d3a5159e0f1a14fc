"""Cifras publicadas del *profiler*, donde cada operación del código es una de la máquina.

Dos fuentes: el informe de Nsight Compute de una multiplicación por teselas de 1024 x 1024 en una
GA102 (tesela de 32 x 32, un hilo por resultado), y un hilo del foro de NVIDIA (359822) que compara
dos disposiciones leídas con LDS.128. Aquí se mide un warp y se multiplica por los que corren.
"""

from urdimbre.observe import Counters

N, TILE = 1024, 32
WARPS = N * N // 32
CHUNKS = N // TILE  # teselas que recorre cada warp


def per_warp(s, *events):
    return s.play(Counters(), *events).total


def test_shared_loads_of_the_tiled_sgemm(scene):
    # El compilador junta los 32 elementos de la fila de A en 8 LDS.128 iguales en todo el warp (2
    # frentes cada uno) y deja 32 LDS seguidos de B (1 frente): 40 peticiones y 48 frentes.
    s = scene(32)
    row, tile = s.array("c16", 8, "shared", name="a"), s.array("f4", (32, 32), "shared", base=4096)
    wide = [s.load(row, k) for k in range(8)]
    total = per_warp(s, *wide, *(s.load(tile, (k, s.t)) for k in range(32)))
    runs = WARPS * CHUNKS
    assert total.shared_load_requests * runs == 41_943_040
    assert total.shared_load_wavefronts * runs == 50_331_648
    assert total.bank_conflicts == 0


def test_shared_stores_of_the_tiled_sgemm(scene):
    s = scene(32)
    tiles = [s.array("f4", (32, 32), "shared", base=4096 * k) for k in (0, 1)]
    total = per_warp(s, *(s.store(tile, (0, s.t)) for tile in tiles))
    runs = WARPS * CHUNKS
    assert total.shared_store_requests * runs == 2_097_152
    assert total.shared_store_wavefronts * runs == 2_097_152


def test_global_memory_of_the_tiled_sgemm(scene):
    # Dos lecturas por tesela, y la de C al final: 65 por warp, de 4 sectores. Una escritura.
    s = scene(32)
    a, b, c = (s.array("f4", (N, N), base=0x10000 + k * 4 * N * N) for k in range(3))
    steps = [e for k in range(CHUNKS) for e in (s.load(a, (0, 32 * k + s.t)), s.load(b, (k, s.t)))]
    total = per_warp(s, *steps, s.load(c, (0, s.t)), s.store(c, (0, s.t)))
    assert total.global_load_requests * WARPS == 2_129_920
    assert total.global_load_sectors * WARPS == 8_519_680
    assert total.global_store_requests * WARPS == 32_768
    assert total.global_store_sectors * WARPS == 131_072
    assert (total.load_sectors_per_request, total.excess_sectors) == (4.0, 0)


def test_two_layouts_read_with_wide_loads(scene):
    # 8 844 480 instrucciones. Buena: 16 B seguidos por carril, 4 frentes. Mala: 128 B entre
    # carriles, los 8 de cada cuarto de warp en los mismos 4 bancos: 8 x 4 = 32 frentes.
    instructions = 8_844_480
    s = scene(32)
    tile = s.array("c16", 32 * 8, "shared")
    good, bad = (per_warp(s, s.load(tile, step * s.t)) for step in (1, 8))
    assert good.shared_load_wavefronts * instructions == 35_377_920
    assert good.bank_conflicts == 0
    assert bad.shared_load_wavefronts * instructions == 283_023_360
    assert bad.bank_conflicts * instructions == 247_645_440
