"""Kernels de verdad en el simulador, con las cifras deducidas a mano."""

from types import SimpleNamespace

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import Counters, Racecheck, Synccheck, Trace, profile, sanitize
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit
def transpose_naive(a, out):
    x, y = cuda.grid(2)
    out[x, y] = a[y, x]


@cuda.jit
def transpose_tiled(a, out):
    tile = cuda.shared.array((32, 32), f4)
    x, y = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    tile[ty, tx] = a[y, x]
    cuda.syncthreads()
    out[cuda.blockIdx.x * 32 + ty, cuda.blockIdx.y * 32 + tx] = tile[tx, ty]


@cuda.jit
def transpose_padded(a, out):
    tile = cuda.shared.array((32, 33), f4)
    x, y = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    tile[ty, tx] = a[y, x]
    cuda.syncthreads()
    out[cuda.blockIdx.x * 32 + ty, cuda.blockIdx.y * 32 + tx] = tile[tx, ty]


def transposed(kernel):
    a = np.arange(64 * 64, dtype=f4).reshape(64, 64)
    out = np.zeros_like(a)
    report = profile(kernel[(2, 2), (32, 32)], a, out)
    assert np.array_equal(out, a.T) and report.findings == []
    return report.total


def test_naive_transpose_stores_by_columns():
    # 64 x 64 float32 = 4096 hilos = 128 warps. Cada warp lee 32 columnas de una fila: 4
    # sectores. Escribe en 32 filas distintas (256 B entre ellas): 32 sectores.
    total = transposed(transpose_naive)
    assert (total.global_load_requests, total.global_load_sectors) == (128, 512)
    assert (total.global_store_requests, total.global_store_sectors) == (128, 4096)
    assert (total.load_efficiency, total.store_efficiency) == (1.0, 0.125)


def test_tiled_transpose_moves_the_problem_to_the_banks():
    # Lee y escribe filas: 4 sectores. tile[tx, ty] va por columnas: palabras a 32 de
    # distancia, un solo banco, 32 frentes por warp: 128 x 32 = 4096.
    total = transposed(transpose_tiled)
    assert (total.global_load_sectors, total.global_store_sectors) == (512, 512)
    assert (total.shared_load_wavefronts, total.shared_load_ideal) == (4096, 128)
    assert (total.shared_store_wavefronts, total.bank_conflicts) == (128, 3968)
    assert total.barriers == 4


def test_padding_removes_the_conflicts():
    total = transposed(transpose_padded)
    assert (total.shared_load_wavefronts, total.bank_conflicts) == (128, 0)


TILE = 32


@cuda.jit
def sgemm(a, b, c):
    tile_a = cuda.shared.array((TILE, TILE), f4)
    tile_b = cuda.shared.array((TILE, TILE), f4)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col, row = cuda.grid(2)
    total = f4(0)
    for k in range(0, a.shape[1], TILE):
        tile_a[ty, tx] = a[row, k + tx]
        tile_b[ty, tx] = b[k + ty, col]
        cuda.syncthreads()
        for j in range(TILE):
            total += tile_a[ty, j] * tile_b[j, tx]
        cuda.syncthreads()
    c[row, col] += total


def test_published_counts_of_a_tiled_sgemm():
    # Informe publicado de una GA102, n = 1024 y tesela 32: con W = n * n / 32 warps y n / 32
    # teselas, lecturas globales 2 W n / 32 + W = 2 129 920 (la última es la de C), escrituras
    # W = 32 768, escrituras compartidas 2 W n / 32 = 2 097 152; 4 sectores por petición y ningún
    # frente de más. Con n = 64: W = 128, lecturas 512 + 128 = 640, escrituras 128, compartidas
    # 512. Las lecturas compartidas son 64 por warp y tesela en el código (16 384); el compilador
    # junta 32 de ellas en 8 LDS.128, y por eso el informe da 40 peticiones y 48 frentes.
    rng = np.random.default_rng(7)
    a, b, c = (rng.standard_normal((64, 64)).astype(f4) for _ in range(3))
    expected = c + a.astype(np.float64) @ b
    report = profile(sgemm[(2, 2), (TILE, TILE)], a, b, c)
    np.testing.assert_allclose(c, expected, rtol=1e-4, atol=1e-4)
    total = report.total
    assert (total.global_load_requests, total.global_load_sectors) == (640, 2560)
    assert (total.global_store_requests, total.global_store_sectors) == (128, 512)
    assert (total.shared_store_requests, total.shared_store_wavefronts) == (512, 512)
    assert (total.shared_load_requests, total.shared_load_wavefronts) == (16384, 16384)
    assert total.bank_conflicts == 0 and report.findings == []
    # 2 teselas x 2 barreras x 4 bloques.
    assert (total.barriers, total.divergent_branches) == (16, 0)


@cuda.jit
def stencil(x, y):
    s = cuda.shared.array(66, f4)
    i, t = cuda.grid(1), cuda.threadIdx.x
    s[t + 1] = x[i + 1]
    if t == 0:
        s[0] = x[i]
    if t == 63:
        s[65] = x[i + 2]
    y[i] = s[t] + s[t + 1] + s[t + 2]


def test_missing_barrier_in_a_stencil():
    # Cada hilo escribe s[t + 1]; lee s[t] (del hilo t - 1, salvo el 0) y s[t + 2] (de t + 1,
    # salvo el 63): 63 + 63 choques con la línea principal en cada uno de 2 bloques. Las orillas
    # las escribe el mismo hilo que las lee.
    found = sanitize(stencil[2, 64], np.ones(130, f4), np.zeros(128, f4))
    (race,) = found
    first = stencil.py_func.__code__.co_firstlineno
    assert (race.kind, race.detail["hazard"], race.array, race.count) == ("race", "RAW", "s", 252)
    assert (race.other_line, race.line) == (first + 4, first + 9)
    assert race.other_source == "s[t + 1] = x[i + 1]" and race.source.startswith("y[i] = s[t]")


@cuda.jit
def block_sum(out):
    # Puerto de Racecheck/block_error.cu: el hilo 0 suma sin barrera lo que escriben los demás.
    s = cuda.shared.array(128, np.int32)
    t = cuda.threadIdx.x
    s[t] = t
    if t == 0:
        total = np.int32(0)
        for i in range(cuda.blockDim.x):
            total += s[i]
        out[cuda.blockIdx.x] = total


def test_sanitizer_sample_block_error():
    # El hilo 0 lee 128 valores; 127 son de otros.
    (race,) = sanitize(block_sum[1, 128], np.zeros(1, np.int32))
    assert (race.detail["hazard"], race.count) == ("RAW", 127)
    assert race.threads == ((1, 0, 0), (0, 0, 0))


@cuda.jit
def divergent(x):
    t = cuda.threadIdx.x
    if t < 16:
        cuda.syncthreads()
    x[cuda.grid(1)] = t


@cuda.jit
def early_return(x):
    i = cuda.grid(1)
    if i >= x.size:
        return
    cuda.syncthreads()
    x[i] = i


@cuda.jit
def whole_blocks(x):
    if cuda.blockIdx.x == 1:
        cuda.syncthreads()
    x[cuda.grid(1)] = 1


def test_barriers():
    (branch,) = sanitize(divergent[3, 64], np.zeros(192, f4))
    assert (branch.kind, branch.count, branch.threads) == ("divergent_barrier", 3, ((16, 0, 0),))
    assert branch.detail["reason"] == "branch" and branch.source == "cuda.syncthreads()"
    # 100 elementos con bloques de 64: el bloque 1 llega con 36 hilos.
    (exited,) = sanitize(early_return[2, 64], np.zeros(100, f4))
    assert (exited.block, exited.detail["reason"]) == ((1, 0, 0), "exited")
    assert exited.detail["arrived"] == 36 and exited.severity == "warning"
    assert sanitize(whole_blocks[3, 64], np.zeros(192, f4)) == []


@cuda.jit
def no_guard(x, y):
    i = cuda.grid(1)
    y[i] = 2 * x[i]


def test_out_of_range():
    # 2 bloques de 64 y 100 elementos: se salen 28 hilos al leer y 28 al escribir.
    x, y = np.arange(100, dtype=f4), np.zeros(100, f4)
    found = sanitize(no_guard[2, 64], x, y)
    assert [(f.kind, f.array, f.count, f.threads) for f in found] == [
        ("out_of_bounds", "x", 28, ((36, 0, 0),)),
        ("out_of_bounds", "y", 28, ((36, 0, 0),)),
    ]
    assert np.array_equal(y, 2 * x)


@cuda.jit
def histogram(x, bins):
    s = cuda.shared.array(4, np.int32)
    t = cuda.threadIdx.x
    if t < 4:
        s[t] = 0
    cuda.syncthreads()
    cuda.atomic.add(s, x[cuda.grid(1)] % 4, 1)
    cuda.syncthreads()
    if t < 4:
        cuda.atomic.add(bins, t, s[t])


def test_atomics():
    # x = 0, 1, 2, ...: 8 carriles por casilla y warp. 2 bloques x 2 warps en memoria compartida;
    # en la global, 4 carriles a 4 casillas en un warp por bloque.
    bins = np.zeros(4, np.int32)
    report = profile(histogram[2, 64], np.arange(128, dtype=np.int32), bins)
    total = report.total
    assert bins.tolist() == [32] * 4 and report.findings == []
    assert (total.atomic_requests, total.atomic_lanes) == (4 + 2, 128 + 8)
    assert (total.atomic_passes, total.atomic_max_lanes) == (4 * 8 + 2, 8)
    # t < 4 divide el warp 0 de cada bloque, dos veces; el warp 1 no.
    assert (total.branches, total.divergent_branches) == (8, 4)


@cuda.jit
def lost_updates(x, out):
    out[0] += x[cuda.grid(1)]


def test_lost_updates_are_a_race_in_global_memory():
    # Los 128 hilos leen out[0] y después lo escriben: cada escritura choca con otra lectura
    # (128), y todas menos una con otra escritura (127).
    x = np.arange(128, dtype=f4)
    found = sanitize(lost_updates[2, 64], x, np.zeros(1, f4))
    assert {f.detail["hazard"]: f.count for f in found} == {"WAR": 128, "WAW": 127}
    assert sanitize(lost_updates[2, 64], x, np.zeros(1, f4), races=("shared",)) == []


def test_a_launch_shaped_like_numbas():
    """Numba guarda el lanzamiento con otros nombres; ``profile`` lo corre en el simulador."""
    numba_launch = SimpleNamespace(
        dispatcher=no_guard, griddim=(2, 1, 1), blockdim=(64, 1, 1), stream=0, sharedmem=0
    )
    report = profile(numba_launch, np.ones(128, f4), np.zeros(128, f4))
    assert report.total.global_load_requests == 4


def test_chunks_do_not_change_the_report():
    """Las mismas cuentas y hallazgos si los bloques corren de uno en uno."""
    seen = []
    for lanes in (64, 1 << 15):
        observers = Counters(), Racecheck(), Synccheck(), Trace()
        with sim.options(chunk_lanes=lanes), sim.observing(*observers):
            stencil[4, 64](np.ones(258, f4), np.zeros(256, f4))
        counters, race, sync, trace = observers
        blocks = sorted({b for access in trace.accesses for b in access.blocks})
        found = [f.to_dict() for f in race.findings + sync.findings]
        seen.append((counters.total, found, blocks))
    assert seen[0] == seen[1] and seen[0][2] == [0, 1, 2, 3]


@pytest.mark.parametrize("n", [1, 31, 33, 100])
def test_small_and_odd_sizes(n):
    # Un bloque de n hilos: ceil(n / 32) peticiones, ceil(4 n / 32) sectores, y nada que decir.
    report = profile(no_guard[1, n], np.ones(n, f4), np.zeros(n, f4))
    assert report.total.global_load_requests == -(-n // 32)
    assert report.total.global_load_sectors == -(-4 * n // 32)
    assert report.findings == []
