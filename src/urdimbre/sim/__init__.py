"""Simulador SIMT de Numba CUDA sobre NumPy.

Un kernel recorre este camino, de un módulo al siguiente:

    source      el código Python y los nombres que ve  (loader: desde un texto, sin ejecutarlo)
    typing      árbol -> forma tipada (ir): assignments, expressions, operators, indexing, calls, y
                las tablas de scalars, types y ops
    liveness    qué asignaciones mezclan carriles
    lower       forma tipada -> funciones sobre todos los carriles (lowering, lower_*)
    launch      configuración, argumentos y tandas de bloques (run)

Las partes del dialecto con módulo propio: records, tuples, matching, vectors, complexes, half,
libdevice, xoroshiro, grid_group y, en el anfitrión, device y reduction.

La memoria está en memory, byte_store, references, access, atomics y device_array; lo que se
cuenta, en events; el módulo ``numba.cuda`` que ve el programa, en facade.
"""

from urdimbre.sim.kernel import Kernel, as_kernel
from urdimbre.sim.launch import Launch, observing, options
from urdimbre.sim.loader import load_source

__all__ = ["Kernel", "Launch", "as_kernel", "load_source", "observing", "options"]
