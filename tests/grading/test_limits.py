"""Los límites separan: lo que gasta la solución y lo que gasta la versión ingenua, contado a mano.

Cada fila lleva su cuenta. Un límite debe quedar entre las dos cifras.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.exercises import get
from urdimbre.grading.run import simulate

ROOT = Path(__file__).resolve().parents[2]

# ejercicio, mutante ingenuo, contador, cuenta de la solución, cuenta del ingenuo
ROWS = [
    # 2 vectores de 1024: 32 warps por vector; un hilo solo, una petición por elemento.
    ("vector_add", "serial_one_thread", "global_load_requests", 2 * 32, 2 * 1024),
    # 4 sectores por petición; con zancada de 8 bloques, 32 B entre carriles: 32 sectores.
    ("vector_add", "scattered_threads", "global_load_sectors", 64 * 4, 64 * 32),
    # 1024 elementos y 128 hilos: tramos de 8 float32 = 32 B, un sector por carril.
    ("saxpy_grid_stride", "chunk_per_thread", "global_load_sectors", 64 * 4, 64 * 32),
    # La columna de 32 uint8 de una imagen de 32 columnas: un sector por carril.
    ("image_invert_2d", "lanes_along_rows", "global_load_sectors", 32, 32 * 32),
    # Una columna de una tabla de 32 columnas float32 (128 B por fila): un sector por carril.
    ("outer_product", "lanes_along_rows", "global_store_sectors", 32 * 4, 32 * 32),
    # Cuatro float32 seguidos por hilo: 16 B entre vecinos, dos carriles por sector.
    ("copy_coalesced", "four_in_a_row", "global_load_sectors", 64 * 4, 64 * 16),
    # 1024 partículas de 16 B: la lectura de un campo toca 16 sectores por warp de partículas.
    ("soa_particles", "thread_per_particle", "global_load_sectors", 128 * 4, 4 * 32 * 16),
    # 64 filas de 256: 8 lecturas por warp y fila; con los vecinos en otra fila, 32 sectores.
    ("row_sums_coalesced", "neighbours_in_rows", "global_load_sectors", 512 * 4, 512 * 32),
    ("row_sums_coalesced", "one_thread_per_row", "global_store_sectors", 64 * 4, 64 * 32),
    # 8 filas de 256 y 64 hilos: 64 lecturas de warp, más un sector cada una por el factor.
    ("debug_wrong_stride", "rounded_up", "global_load_sectors", 64 * 4 + 64, 64 * 16 + 64),
    # La altura: 2 sumas y 2 productos en 64 bits por elemento, más el cuadrado en ese tipo.
    ("debug_float64_literal", "converts_at_the_end", "double_operations", 0, 5 * 1024),
    # x: 256; halo: 2 sectores por bloque menos los 2 de los extremos; pesos: 7 por warp, 64 warps.
    # Ingenuo: d = -3..3; 4 sectores alineado y 5 si no, menos 1 por lado en los 3 corrimientos
    # que salen del arreglo por la izquierda y los 3 que salen por la derecha; más los pesos.
    ("stencil_1d", "no_shared_memory", "global_load_sectors", 256 + 30 + 448,
     64 * (4 + 6 * 5) - 3 - 3 + 448),
    # 96 × 64 float32: 192 warps, 4 sectores; por columnas, 32.
    ("transpose_tiled", "no_shared_memory", "global_store_sectors", 192 * 4, 192 * 32),
    # Leer una columna de 32 palabras en un banco: 31 vueltas de más por warp.
    ("transpose_tiled", "no_padding", "bank_conflicts", 0, 192 * 31),
    # 8 bloques: 4 warps por bloque leen y escriben; un hilo solo, 128 lecturas por bloque.
    ("block_reverse", "serial_one_thread", "global_load_requests", 8 * 4, 8 * 128),
    # Con 2 bloques, el primero atiende 8 segmentos y el segundo 7, de 4 warps cada uno.
    ("debug_missing_barrier", "blocks_repeat_segments", "global_store_requests", 8 * 4, 15 * 4),
    # step = 64: 2 warps, 2 lecturas cada uno; de 32 a 1: 6 vueltas de 1 warp; y la final.
    ("debug_divergent_barrier", "serial_sum", "shared_load_requests", 8 * (4 + 12 + 1), 8 * 128),
    ("debug_divergent_barrier", "everyone_writes", "global_store_requests", 8, 8 * 4),
    # 16 filas de 512: 1024 sectores por recorrido. El largo se pide una vez por ciclo y otra por
    # columna escrita, en 4 warps. Ingenuo: 16 hilos de un warp, un sector cada uno; 16 largos.
    ("softmax_stable", "row_per_thread", "global_load_sectors",
     3 * 1024 + 16 * 4 * (2 + 4), 3 * 512 * 16 + 2),
    ("softmax_online", "max_first", "global_load_sectors", 2 * 1024, 3 * 1024),
    # Además de la fila, cada bloque lee gain y bias, tan largos como ella.
    ("layernorm", "reads_three_times", "global_load_sectors", (1 + 2) * 1024, (3 + 2) * 1024),
    ("rmsnorm", "reads_twice", "global_load_sectors", (1 + 1) * 1024, (2 + 1) * 1024),
    # Siete pasos de 64 a 1, y la barrera que los precede.
    ("rmsnorm", "shared_tree", "barriers", 16, 16 * (7 + 1)),
    ("bias_gelu_fused", "two_steps_through_out", "global_store_sectors", 1024, 2 * 1024),
    # En float64 quedan el producto por 0.5, la suma de 1.0 y el producto final.
    ("bias_gelu_fused", "double_literals", "double_operations", 0, 3 * 16 * 512),
    # La etiqueta y su logit, un sector cada uno.
    ("cross_entropy", "reads_twice", "global_load_sectors", 1024 + 16 * 2, 2 * 1024 + 16 * 2),
    # 16 bloques, dos teselas de 16 filas de 64 B. Sin tesela, por warp y columna: 2 filas de q y
    # 16 de k, un sector cada una; 128 warps y 16 columnas.
    ("attention_scores", "no_shared_memory", "global_load_sectors", 16 * 64, 128 * 16 * 18),
    # Llenar con filas de 17: dos filas son 33 palabras, un turno de más por warp. Con filas de 16
    # se llena sin fila y cada lectura de columna toma 8 turnos: 7 de más.
    ("attention_scores", "no_padding", "bank_conflicts", 128, 128 * 16 * 7),
    # Puntajes: 36 bloques. Softmax: 3 pasadas de 12 sectores; un hilo solo, uno por elemento.
    # Promedio: 48 warps, 96 claves, 2 sectores de p y 2 de v.
    ("attention_naive", "serial_softmax", "global_load_sectors",
     36 * 64 + 96 * 36 + 48 * 96 * 4, 36 * 64 + 96 * 3 * 96 + 48 * 96 * 4),
    # q por filas: un sector por hilo y columna. Teselas: 2 bloques, 128 claves, 4 sectores.
    # Sin tesela, todo el warp pide la misma clave: un sector por petición, de k y de v.
    ("flash_attention_forward", "no_shared_memory", "global_load_sectors",
     128 * 16 + 2 * 128 * 4, 128 * 16 + 4 * 128 * 16 * 2),
    # Los bloques ven 2 y 4 teselas de 32 claves y 32 valores de 64 B; sin saltar, 4 cada uno.
    ("flash_attention_causal", "does_not_skip_tiles", "global_load_bytes",
     128 * 64 + 6 * 32 * 128, 128 * 64 + 8 * 32 * 128),
    # 12 bloques, 96 claves y valores; si cada cabeza carga los suyos, cuatro veces más.
    ("attention_gqa", "each_warp_loads_all", "global_load_bytes",
     16 * 96 * 64 + 12 * 96 * 128, 16 * 96 * 64 + 4 * 12 * 96 * 128),
    # 64 warps leen celsius y, como en cada uno hay 8 lecturas calientes, también station.
    # Un hilo solo: 2048 celsius y, en 512, la estación y su cuenta.
    ("debug_lost_update", "serial_one_thread", "global_load_requests", 2 * 64, 2048 + 2 * 512),
    ("debug_lost_update", "adds_zero_too", "atomic_lanes", 512, 2048),
    # 8 filas: un máximo por hilo y, sin empates, un mínimo; o un máximo por elemento.
    ("argmax_atomic", "one_atomic_per_element", "atomic_lanes", 8 * (128 + 1), 8 * (1000 + 1)),
    ("argmax_atomic", "everyone_writes", "global_store_requests", 8, 8 * 4),
    # 16 bloques: una barrera; o la de la carga y ocho pasos.
    ("reduce_block", "shared_tree", "barriers", 16, 16 * 9),
    ("reduce_block", "atomic_per_warp", "atomic_lanes", 0, 16 * 8),
    ("reduce_grid", "one_atomic_per_thread", "atomic_lanes", 3 * 8, 3 * 8 * 128),
    # Dos vectores de 64 warps: 4 sectores; con tramos de 2 elementos, 8 B entre carriles: 8.
    ("reduce_grid", "chunk_per_thread", "global_load_sectors", 128 * 4, 128 * 8),
    # La misma cuenta de debug_divergent_barrier.
    ("debug_float_order", "one_thread_adds", "shared_load_requests", 8 * 17, 8 * 128),
    # 7 pasos: la casilla propia, 4 warps; la de la izquierda, 4 warps en 5 pasos, 3 y 2; y 4 al
    # final. Un hilo solo: 128 lecturas y las 4 del final.
    ("scan_block", "serial_one_thread", "shared_load_requests", 8 * (28 + 25 + 4), 8 * 132),
    # 65 bloques de 2 warps; 6 pasos: 12 y 5 · 2 + 1; al final 2 y el total. Un hilo solo, 64 y 2.
    ("scan_grid", "serial_in_shared", "shared_load_requests", 65 * (12 + 11 + 3), 65 * 66),
    # 130 warps leen x; 126 leen out y la compensación. Un hilo por bloque: 2 · 64 en 63 bloques.
    ("scan_grid", "adds_in_one_thread", "global_load_requests", 130 + 2 * 126, 130 + 63 * 128),
    # 128 warps cuentan; 4 bloques suman 64 casillas, 2 warps: una vez, o una en cada vuelta.
    ("histogram_shared", "merges_every_round", "atomic_requests", 128 + 4 * 2, 128 + 4 * 8 * 2),
    # 4 filas de 512: 16 warps por fila, o una petición por elemento.
    ("stream_compaction", "serial_one_thread", "global_load_requests", 4 * 16, 4 * 512),
]  # fmt: skip


def measured(exercise, path: Path, counter: str) -> float:
    names = sim.load_source(path.read_text("utf-8"))
    kernel = {symbol: names[symbol] for symbol in exercise.symbols}
    kernel = kernel if len(kernel) > 1 else names[exercise.symbol]
    drawn = exercise.cases(np.random.default_rng(0))
    case = next(case for case in drawn if case.name == "medida")
    return simulate(kernel, case, measure=True).measured(counter)


@pytest.mark.parametrize(("name", "mutant", "counter", "good", "naive"), ROWS)
def test_a_limit_lies_between_the_solution_and_the_naive_kernel(name, mutant, counter, good, naive):
    exercise = get(name)
    solution = ROOT / "solutions" / exercise.unit / f"{name}.py"
    wrong = ROOT / "tests/mutants" / exercise.unit / name / f"{mutant}.py"
    assert measured(exercise, solution, counter) == good
    assert measured(exercise, wrong, counter) == naive
    limit = next(one for one in exercise.limits if one.counter == counter and one.most is not None)
    assert good <= limit.most < naive
