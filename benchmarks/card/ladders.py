"""La tabla de las escaleras: de qué capítulo salen, con qué se lanzan y con qué se comparan.

Un peldaño nuevo es una fila nueva. Un kernel de una página con escalera que no esté en ninguna
fila, ni en ``NOT_RUNGS`` con su razón, hace fallar una prueba.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from card import cases
from card.cases import BLOCK, Case, D


@dataclass(frozen=True)
class Step:
    """Un lanzamiento: qué kernel, con qué forma y sobre cuáles argumentos del caso."""

    kernel: str
    grid: tuple[int, ...]
    block: tuple[int, ...]
    args: tuple[int, ...]
    shared: int = 0  # bytes de memoria compartida dinámica


@dataclass(frozen=True)
class Rung:
    """Un peldaño.

    Attributes:
        name: cómo se llama en las tablas; casi siempre, su kernel.
        steps: los lanzamientos para un tamaño.
        case: si su resultado no es el de su escalera.
        parity: si no admite los tamaños de comprobación de su escalera.
    """

    name: str
    steps: Callable[[int], tuple[Step, ...]]
    case: Callable[[int], Case] | None = None
    parity: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """Una escalera.

    Attributes:
        chapter: la página de donde salen los kernels.
        moved, flop: bytes que hay que mover y operaciones que hay que hacer, por tamaño.
        vendor: con qué se compara (véase ``vendors.py``).
        size: el de la medición de velocidad.
        counted: el de los contadores y de compute-sanitizer, pequeño.
        parity: los que se comprueban.
    """

    name: str
    title: str
    chapter: str
    case: Callable[[int], Case]
    rungs: tuple[Rung, ...]
    moved: Callable[[int], int]
    flop: Callable[[int], int]
    vendor: tuple[str, ...]
    size: int
    counted: int
    parity: tuple[int, ...]
    limit: str = field(default="memoria")  # qué lo frena: «memoria» o «cálculo»

    def case_of(self, rung: Rung) -> Callable[[int], Case]:
        return rung.case or self.case

    def sizes_of(self, rung: Rung) -> tuple[int, ...]:
        return rung.parity or self.parity


def _over(n: int, each: int) -> int:
    return -(-n // each)


def one(name: str, shape: Callable[[int], tuple], **options) -> Rung:
    """Un peldaño de un solo lanzamiento; ``shape(n)`` da malla, bloque y, a veces, bytes."""
    n_args = options.pop("n_args", 2)

    def steps(n: int) -> tuple[Step, ...]:
        grid, block, *shared = shape(n)
        return (Step(name, grid, block, tuple(range(n_args)), *shared),)

    return Rung(name, steps, **options)


# --- Las mallas ------------------------------------------------------------------------------


def _matrix(wide: int, tall: int, block: tuple[int, int], swap: bool = False) -> Callable:
    """Bloques que cubren ``wide`` columnas y ``tall`` filas de ``a``."""

    def shape(n: int) -> tuple:
        rows, cols = cases._sides(n)[:: -1 if swap else 1]
        return (_over(cols, wide), _over(rows, tall)), block

    return shape


def _by_block(each: int, threads: int) -> Callable:
    return lambda n: ((_over(n, each),), (threads,))


def _few_blocks(n: int) -> tuple:
    return (cases.few_blocks(n),), (BLOCK,)


def _two_passes(n: int) -> tuple[Step, ...]:
    """Un parcial por bloque, y después un bloque que suma los parciales."""
    return (
        Step("sum_partials", (cases.few_blocks(n),), (BLOCK,), (0, 2)),
        Step("sum_partials", (1,), (BLOCK,), (2, 1)),
    )


def _product_blocks(tile: int, block: tuple[int, int]) -> Callable:
    def shape(n: int) -> tuple:
        rows, cols = (n, n) if n % 32 == 0 else (n, n + 9)
        return (_over(cols, tile), _over(rows, tile)), block

    return shape


def _softmax_blocks(keeps_row: bool) -> Callable:
    return lambda n: ((n,), (128,), 4 * cases.columns(n) * keeps_row)


def _head_blocks(n: int) -> tuple:
    batch, heads = cases.heads_of(n)
    return (_over(n, 32), heads, batch), (32, 32)


def _scan_grid(n: int) -> tuple[Step, ...]:
    """Tres lanzamientos por nivel: los segmentos, sus totales y sumar los totales."""
    down, up, source, target = [], [], 0, 1
    for depth, blocks in enumerate(cases.levels(n)):
        sums, offsets = 2 + 2 * depth, 3 + 2 * depth
        down.append(Step("scan_segments", (blocks,), (BLOCK,), (source, target, sums)))
        if blocks > 1:
            up.append(Step("add_offsets", (blocks,), (BLOCK,), (target, offsets)))
        source, target = sums, offsets
    return (*down, *reversed(up))


# --- La tabla --------------------------------------------------------------------------------

ROW32 = _matrix(32, 8, (32, 8))
TILE32 = _matrix(32, 32, (32, 32))
EIGHT = (1, 31, 33, 255, 257, 1000, 4099)
MULTIPLES = (32, 64, 96)
ATTENTION = {"n_args": 6}


def _attention_flop(n: int) -> int:
    return 4 * n * n * D


LADDERS = (
    Ladder(
        "copy", "copiar una matriz", "u03_copy_ladder", cases.copied,
        (
            one("copy", ROW32),
            one("copy_columns", _matrix(32, 8, (32, 8), swap=True)),
            one("copy_chunks", _matrix(128, 8, (32, 8))),
            one("copy_four_rows", _matrix(32, 32, (32, 8))),
            one("transpose_naive", ROW32, case=cases.transposed),
        ),
        moved=lambda n: 8 * n * n, flop=lambda n: 0, vendor=("copy",),
        size=8192, counted=256, parity=(1, 31, 64, 129),
    ),
    Ladder(
        "transpose", "transponer una matriz", "u04_transpose_ladder", cases.transposed,
        (
            one("copy", TILE32, case=cases.copied),
            one("transpose_read", TILE32),
            one("transpose_write", _matrix(32, 32, (32, 32), swap=True)),
            one("transpose_tile", TILE32),
            one("transpose_padded", TILE32),
        ),
        moved=lambda n: 8 * n * n, flop=lambda n: 0, vendor=("copy", "cupy_transpose"),
        size=8192, counted=256, parity=(1, 31, 64, 129),
    ),
    Ladder(
        "reduction", "sumar un vector", "u06_reduction_ladder", cases.summed,
        (
            *(one(f"sum_{k}", _by_block(BLOCK, BLOCK))
              for k in ("atomic", "interleaved", "packed", "halves")),
            one("sum_stride", _few_blocks),
            one("sum_shuffles", _few_blocks),
        ),
        moved=lambda n: 4 * n, flop=lambda n: n, vendor=("copy", "cub_sum"),
        size=1 << 27, counted=1 << 14, parity=EIGHT,
    ),
    Ladder(
        "float_order", "sumar un vector siempre igual", "u06_float_order", cases.summed_twice,
        (one("sum_shuffles", _few_blocks), Rung("sum_partials", _two_passes)),
        moved=lambda n: 4 * n, flop=lambda n: n, vendor=("copy", "cub_sum"),
        size=1 << 27, counted=1 << 14, parity=EIGHT,
    ),
    Ladder(
        "scan", "suma de prefijos por segmentos", "u06_scan_ladder", cases.scanned_by_segments,
        (
            one("scan_serial", _by_block(BLOCK, BLOCK)),
            one("scan_doubling", _by_block(BLOCK, BLOCK)),
            one("scan_tree", _by_block(BLOCK, BLOCK // 2)),
            one("scan_tree_padded", _by_block(BLOCK, BLOCK // 2)),
            one("scan_warps", _by_block(BLOCK, BLOCK)),
        ),
        moved=lambda n: 8 * n, flop=lambda n: n, vendor=("copy",),
        size=1 << 27, counted=1 << 12, parity=EIGHT,
    ),
    Ladder(
        "scan_grid", "suma de prefijos de todo un vector", "u06_scan_grid", cases.scanned,
        (Rung("scan_segments, add_offsets", _scan_grid),),
        moved=lambda n: 8 * n, flop=lambda n: n, vendor=("copy", "cub_cumsum"),
        size=1 << 27, counted=1 << 12, parity=(1, 255, 257, 4099, 65537),
    ),
    Ladder(
        "matmul", "multiplicar matrices", "u08_matmul_ladder", cases.multiplied,
        (
            one("matmul_swapped", _product_blocks(32, (32, 32)), n_args=3, parity=MULTIPLES),
            one("matmul_coalesced", _product_blocks(32, (32, 32)), n_args=3),
            one("matmul_tile16", _product_blocks(16, (16, 16)), n_args=3, parity=MULTIPLES),
            one("matmul_tile32", _product_blocks(32, (32, 32)), n_args=3, parity=MULTIPLES),
            one("matmul_ragged", _product_blocks(32, (32, 32)), n_args=3),
            one("matmul_two_outputs", _product_blocks(32, (32, 16)), n_args=3),
        ),
        moved=lambda n: 12 * n * n, flop=lambda n: 2 * n**3, vendor=("cublas",),
        size=4096, counted=128, parity=(1, 31, 33, 64), limit="cálculo",
    ),
    Ladder(
        "softmax", "softmax por filas", "u10_softmax_ladder", cases.softmaxed,
        (
            one("softmax_unsafe", _by_block(32, 32)),
            one("softmax_row", _by_block(32, 32)),
            one("softmax_three", _softmax_blocks(False)),
            one("softmax_online", _softmax_blocks(False)),
            one("softmax_shared", _softmax_blocks(True)),
        ),
        moved=lambda n: 8 * n * cases.columns(n), flop=lambda n: 5 * n * cases.columns(n),
        vendor=("copy", "torch_softmax"), size=16384, counted=64, parity=(1, 31, 129),
    ),
    Ladder(
        "attention", "atención, una cabeza", "u11_flash_attention", cases.attended,
        (
            *(one(k, _by_block(32, 32), **ATTENTION)
              for k in ("fused_rows", "flash_tiles", "flash_once")),
            one("flash_warps", lambda n: ((_over(n, 32),), (32, 32)), **ATTENTION),
        ),
        moved=lambda n: 4 * (4 * n * D + n), flop=_attention_flop,
        vendor=("torch_attention", "torch_attention_half"),
        size=8192, counted=64, parity=(1, 31, 33, 70), limit="cálculo",
    ),
    Ladder(
        "causal_attention", "atención causal, una cabeza", "u11_causal_heads",
        cases.attended_causal,
        (one("flash_causal", lambda n: ((_over(n, 32),), (32, 32)), **ATTENTION),),
        moved=lambda n: 4 * (4 * n * D + n), flop=lambda n: _attention_flop(n) // 2,
        vendor=("torch_attention_causal",), size=8192, counted=64, parity=(1, 31, 33, 70),
        limit="cálculo",
    ),
    Ladder(
        "attention_heads", "atención, lotes y cabezas", "u11_causal_heads", cases.attended_heads,
        (one("flash_heads", _head_blocks, **ATTENTION),),
        moved=lambda n: 64 * 4 * (4 * n * D + n), flop=lambda n: 64 * _attention_flop(n),
        vendor=("torch_attention", "torch_attention_half"), size=4096, counted=64,
        parity=(1, 31, 33), limit="cálculo",
    ),
)  # fmt: skip

BY_NAME = {ladder.name: ladder for ladder in LADDERS}

# (página, kernel) -> por qué no es un peldaño.
SICK = "está enfermo a propósito: lo mira compute-sanitizer"
SMALL = "es una demostración de 32 hilos"
COMPACT = "es de la compactación, que no es esta escalera"
NOT_RUNGS = {
    ("u03_copy_ladder", "case_one"): SICK,
    ("u03_copy_ladder", "case_one_mended"): "es un caso de la clínica, curado",
    ("u03_copy_ladder", "case_two"): SICK,
    ("u03_copy_ladder", "case_two_mended"): "es un caso de la clínica, curado",
    ("u06_float_order", "sum_atomic"): "es el primer peldaño de la reducción",
    ("u06_float_order", "sum_fixed"): "suma enteros: su resultado no es el de esta tabla",
    ("u06_reduction_ladder", "peek"): SMALL,
    ("u06_reduction_ladder", "lane_counts"): SMALL,
    ("u06_scan_ladder", "scan_racy"): SICK,
    ("u06_scan_grid", "compact_ticket"): COMPACT,
    ("u06_scan_grid", "compact_block"): COMPACT,
    ("u06_scan_grid", "count_kept"): COMPACT,
    ("u06_scan_grid", "scan_counts"): COMPACT,
    ("u06_scan_grid", "scatter_kept"): COMPACT,
    ("u11_causal_heads", "flash_leaver"): SICK,
}
