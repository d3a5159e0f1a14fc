"""La biblioteca de referencia: el mismo código para NumPy y para CuPy.

Cada función toma el espacio de nombres de sus argumentos, calcula en un tipo más ancho y
devuelve el tipo de sus argumentos. Es el oráculo de las comprobaciones: nunca se ejecuta
dentro de un kernel ni reparte el trabajo como lo haría uno.
"""

from urdimbre.reference.attention import (
    attention,
    attention_scores,
    attention_weights,
    grouped_attention,
)
from urdimbre.reference.elementwise import (
    clamp,
    differences,
    image_invert,
    outer_product,
    projectile_height,
    saxpy,
    vector_add,
)
from urdimbre.reference.execution_model import (
    block_ids,
    ceil_div,
    global_index_1d,
    launch_config,
    thread_ids,
)
from urdimbre.reference.global_memory import (
    copy,
    row_partial_sums,
    scale_rows,
    structure_of_arrays,
)
from urdimbre.reference.matmul import (
    dot_error_bound,
    matmul,
    matmul_transposed_a,
    matmul_transposed_b,
    matmul_transposed_both,
)
from urdimbre.reference.reductions import argmax_rows, dot_onto, tally_above
from urdimbre.reference.scans import (
    compact_positive,
    histogram,
    inclusive_scan,
    remaining_in_block,
)
from urdimbre.reference.shared_memory import (
    block_reverse,
    block_sums,
    moving_average,
    stencil_1d,
    transpose,
)
from urdimbre.reference.softmax_norms import (
    bias_gelu,
    cross_entropy,
    layernorm,
    rmsnorm,
    softmax_rows,
)

__all__ = [
    "argmax_rows",
    "attention",
    "attention_scores",
    "attention_weights",
    "bias_gelu",
    "block_ids",
    "block_reverse",
    "block_sums",
    "ceil_div",
    "clamp",
    "compact_positive",
    "copy",
    "cross_entropy",
    "differences",
    "dot_error_bound",
    "dot_onto",
    "global_index_1d",
    "grouped_attention",
    "histogram",
    "image_invert",
    "inclusive_scan",
    "launch_config",
    "layernorm",
    "matmul",
    "matmul_transposed_a",
    "matmul_transposed_b",
    "matmul_transposed_both",
    "moving_average",
    "outer_product",
    "projectile_height",
    "remaining_in_block",
    "rmsnorm",
    "row_partial_sums",
    "saxpy",
    "scale_rows",
    "softmax_rows",
    "stencil_1d",
    "structure_of_arrays",
    "tally_above",
    "thread_ids",
    "transpose",
    "vector_add",
]
