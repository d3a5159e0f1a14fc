"""Los casos de la suma de prefijos y sus clientes: entradas, lanzamientos y lo esperado."""

from __future__ import annotations

import numpy as np

from urdimbre.exercises.inputs import blocks_for, poison, reals, wide
from urdimbre.exercises.spec import Case, Step
from urdimbre.reference import scans, shared_memory

BLOCK, GRID_BLOCK, BINS = 128, 64, 64


def _scan_block_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    x = reals(rng, n)
    return Case(
        name=name or f"n = {n}",
        args=(x, poison(n, np.float32)),
        grid=(blocks_for(n, BLOCK),),
        block=(BLOCK,),
        outputs=(1,),
        expected=(scans.remaining_in_block(wide(x), BLOCK),),
    )


def scan_block_cases(rng: np.random.Generator) -> list[Case]:
    """Un último segmento incompleto, también de un solo elemento."""
    sizes = (1, 31, 32, 33, 127, 128, 129, 256, int(rng.integers(400, 900)))
    return [_scan_block_case(rng, 1024, "medida"), *(_scan_block_case(rng, n) for n in sizes)]


def _level_sizes(n: int) -> list[int]:
    """Elementos de cada nivel: los datos, los totales de bloque, los de esos, hasta llegar a 1."""
    sizes = [n]
    while not sizes[1:] or sizes[-1] > 1:
        sizes.append(blocks_for(sizes[-1], GRID_BLOCK))
    return sizes


def _scan_steps(sizes: list[int]) -> tuple[Step, ...]:
    """Bajar nivel por nivel y volver sumando; el nivel k usa los argumentos 2k, 2k + 1 y 2k + 2."""
    block = (GRID_BLOCK,)
    down = [
        Step("scan_blocks", (2 * k, 2 * k + 1, 2 * k + 2), (sizes[k + 1],), block)
        for k in range(len(sizes) - 1)
    ]
    up = [
        Step("add_offsets", (2 * k + 1, 2 * k + 3), (sizes[k + 1],), block)
        for k in reversed(range(len(sizes) - 2))
    ]
    return (*down, *up)


def _scan_names(levels: int) -> tuple[str, ...]:
    pairs = [("x", "out"), ("sums", "offsets")]
    pairs += [(f"sums, nivel {k}", f"offsets, nivel {k}") for k in range(2, levels)]
    return tuple(name for pair in pairs[:levels] for name in pair)


def _scan_grid_case(rng: np.random.Generator, n: int, name: str = "") -> Case:
    sizes, x = _level_sizes(n), reals(rng, n)
    inputs = [wide(x)]
    for _ in sizes[1:]:
        inputs.append(shared_memory.block_sums(inputs[-1], GRID_BLOCK))
    # Cada nivel tiene su entrada y su salida; el último, solo el total.
    contents = [a for v in inputs[:-1] for a in (v, scans.inclusive_scan(v))] + inputs[-1:]
    return Case(
        name=name or f"n = {n}",
        args=(x, *(poison(a.size, np.float32) for a in contents[1:])),
        outputs=tuple(range(1, len(contents))),
        expected=tuple(contents[1:]),
        steps=_scan_steps(sizes),
        names=_scan_names(len(sizes))[: len(contents)],
    )


def scan_grid_cases(rng: np.random.Generator) -> list[Case]:
    """Uno, dos y tres niveles: hasta más elementos que el cuadrado del bloque."""
    sizes = (1, 31, 63, 64, 65, 128, 129, 1009, int(rng.integers(200, 900)), 4097, 4300)
    return [_scan_grid_case(rng, 4096, "medida"), *(_scan_grid_case(rng, n) for n in sizes)]


def _skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Enteros de -5 a BINS + 4; la mitad son un mismo valor, para que choquen."""
    x = rng.integers(-5, BINS + 5, n).astype(np.int32)
    x[rng.random(n) < 0.5] = rng.integers(0, BINS)
    return x


def _histogram_case(rng, n: int, blocks: int, threads: int, name: str = "") -> Case:
    x = _skewed(rng, n)
    counts = rng.integers(0, 100, BINS).astype(np.int32)
    return Case(
        name=name or f"n = {n}, malla {blocks} × {threads}",
        args=(x, counts),
        grid=(blocks,),
        block=(threads,),
        outputs=(1,),
        expected=(counts + scans.histogram(x, BINS),),
        accumulates=(1,),
    )


def histogram_cases(rng: np.random.Generator) -> list[Case]:
    """Mallas que no alcanzan, que sobran, y bloques con menos hilos que casillas."""
    plan = [(1, 1, 64), (31, 1, 32), (64, 1, 64), (33, 2, 128), (129, 3, 32), (1000, 2, 96)]
    plan += [(int(rng.integers(300, 900)), 4, 256), (2003, 3, 128)]
    drawn = [_histogram_case(rng, *p) for p in plan]
    return [_histogram_case(rng, 4096, 4, 128, "medida"), *drawn]


def _compaction_case(rng, rows: int, n: int, share: float, name: str = "") -> Case:
    x = np.abs(reals(rng, rows, n))
    x[rng.random((rows, n)) >= share] *= np.float32(-1)
    out, counts = scans.compact_positive(wide(x))
    return Case(
        name=name or f"{rows} × {n}",
        args=(x, poison((rows, n), np.float32), poison(rows, np.int32)),
        grid=(rows,),
        block=(BLOCK,),
        outputs=(1, 2),
        expected=(out, counts),
    )


def compaction_cases(rng: np.random.Generator) -> list[Case]:
    """Filas vacías, llenas y a medias; más cortas que el bloque, de varias teselas y con resto."""
    plan = [(1, 1, 1.0), (1, 33, 0.5), (2, 127, 0.3), (3, 128, 1.0), (3, 129, 0.7)]
    plan += [(2, 300, 0.0), (4, int(rng.integers(400, 700)), 0.5), (1, 521, 0.2)]
    drawn = [_compaction_case(rng, *p) for p in plan]
    return [_compaction_case(rng, 4, 512, 0.5, "medida"), *drawn]
