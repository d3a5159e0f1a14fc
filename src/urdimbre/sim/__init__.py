"""Simulador SIMT de Numba CUDA sobre NumPy.

Un kernel recorre estos paquetes, y cada uno importa solo de los que están más abajo en la lista:

    reading    lee los kernels de un texto, sin ejecutarlo
    facade     el módulo ``numba.cuda``, con los mismos nombres
    host       kernels, argumentos, lanzamientos, arreglos del dispositivo, ``vectorize``
    frontend   del código Python a la forma tipada: nombres, tipos, instrucciones
    lower      de la forma tipada a funciones sobre todos los carriles a la vez
    passes     recorridos de la forma tipada: qué se funde y qué asignaciones mezclan carriles
    functions  lo que un kernel puede llamar: una familia por módulo
    lanes      los carriles mientras corren: tanda de bloques, warps, reuniones
    memory     los espacios de memoria y los accesos
    typed      los tipos, la tabla de operaciones y los nodos de la forma tipada
    events     lo que se cuenta a quien observa

``supported`` dice qué parte de Numba CUDA existe aquí: la leen la fachada, el libro y las pruebas.
"""

from urdimbre.sim.host.kernel import Kernel, as_kernel
from urdimbre.sim.host.launch import Launch, observing, options
from urdimbre.sim.reading.loader import load_source

__all__ = ["Kernel", "Launch", "as_kernel", "load_source", "observing", "options"]
