"""Qué parte de Numba CUDA existe aquí: una tabla que leen la fachada, el libro y las pruebas."""

from __future__ import annotations

from dataclasses import dataclass

from urdimbre.errors import UnsupportedError
from urdimbre.sim.frontend.advice import similar

YES, PARTLY, NO = "sí", "en parte", "no"


@dataclass(frozen=True)
class Feature:
    """Una fila: nombre, si está (``sí``, ``en parte`` o ``no``) y una nota."""

    name: str
    status: str
    note: str


FEATURES = tuple(
    Feature(*row)
    for row in (
        ("cuda.jit", PARTLY, "Kernels y funciones de dispositivo, con valores por omisión y "
         "argumentos con nombre. Las opciones de compilación se aceptan y no cambian nada, salvo "
         "debug=True: dividir entre cero es un error y, con opt=False, no hay FMA."),
        ("cuda.threadIdx", YES, "x, y, z."),
        ("cuda.blockIdx", YES, "x, y, z."),
        ("cuda.blockDim", YES, "x, y, z."),
        ("cuda.gridDim", YES, "x, y, z."),
        ("cuda.grid", YES, "1, 2 o 3 dimensiones."),
        ("cuda.gridsize", YES, "1, 2 o 3 dimensiones."),
        ("cuda.laneid", YES, "Carril dentro del warp."),
        ("cuda.warpsize", YES, "Siempre 32."),
        ("cuda.syncthreads", YES, "Con detección de barreras divergentes."),
        ("cuda.shared.array", YES, "Estática y dinámica (forma 0)."),
        ("cuda.local.array", YES, "Forma constante."),
        ("cuda.const.array_like", YES, "Un arreglo global de NumPy ya es una constante: no se "
         "escribe en él."),
        ("np.dtype([...])", PARTLY, "Registros: a[i].x, a[i]['x'], a.x y copias; también campos "
         "que son arreglos, a[i].pos[k]; no los de texto ni de fechas. Sin align=True se leen "
         "byte a byte, como en Numba."),
        ("tuple", PARTLY, "Como argumento, también con nombres (namedtuple) y con arreglos dentro; "
         "con [ ], rebanadas, +, * constante, comparaciones, «in» y *tupla en una llamada; sin "
         "x, *y = t."),
        ("None", PARTLY, "Como argumento, y «x is None», que se decide al compilar. Una variable "
         "no puede ser a veces None al leerla; Numba lo admite en cuentas y en «is None», y no "
         "como condición, como índice ni en float() o print."),
        ("print", YES, "Números, bool, textos y tuplas, con el formato de printf; de más de 32 "
         "sale solo el formato, como en Numba. Los hilos imprimen en orden; en una GPU no hay uno "
         "definido."),
        ("raise", PARTLY, "Y assert: detiene el lanzamiento con la clase, el mensaje y el hilo, "
         "haya o no debug=True; sin él, en una GPU el hilo termina en silencio."),
        ("recursión", NO, "Numba CUDA 0.30 tampoco la compila: usa un ciclo."),
        ("enum", YES, "Miembros de Enum, con ==, «is» y .value; un IntEnum es su número."),
        ("funciones universales", YES, "np.sin(a, out) y las demás comunes de NumPy, con números o "
         "llenando un arreglo: cada hilo lo recorre entero."),
        ("operator", YES, "operator.add y las demás, también como argumento de una función."),
        ("exec", NO, "Un kernel hecho con exec o escrito en la consola no tiene texto que leer: "
         "guárdalo en un archivo o en una celda."),
        ("match", PARTLY, "Valores, nombres, «_», «|», «as» e «if»; los patrones de secuencia y de "
         "clase no compilan en Numba."),
        ("ndarray", PARTLY, "shape, size, ndim, itemsize, nbytes, strides, dtype, T, rebanadas, "
         "«...», reshape, view y, si es de complejos, real e imag; no se crean arreglos ni se "
         "suman enteros."),
        ("cuda.float32x4", YES, "Y los demás tipos vectoriales y sus nombres cortos (float4): se "
         "construyen y se leen sus partes, como en Numba."),
        ("cuda.ldcg", YES, "Y las demás pistas de caché (ldca, stcg…): el mismo valor; la caché "
         "no se simula."),
        ("cuda.atomic", YES, "add, sub, and_, or_, xor, max, min, nanmax, nanmin, exch, inc, dec, "
         "cas y compare_and_swap."),
        ("cuda.to_device", YES, "Copia a una dirección virtual alineada a 256 B."),
        ("cuda.device_array", YES, "Contenido sin inicializar: bytes 0xFF (NaN en flotantes)."),
        ("cuda.device_array_like", YES, "Como device_array."),
        ("cuda.as_cuda_array", YES, "La CUDA Array Interface, versión 3, también para pasar a un "
         "kernel el arreglo de otro; su memoria debe ser la del simulador. Igual "
         "is_cuda_array y from_cuda_array_interface."),
        ("cuda.pinned_array", YES, "Un arreglo de NumPy: aquí no hay memoria fijada."),
        ("cuda.mapped_array", YES, "Un arreglo de NumPy que un kernel lee y escribe; también "
         "mapped_array_like y el bloque «with cuda.mapped»."),
        ("cuda.managed_array", YES, "Un arreglo de NumPy que un kernel lee y escribe."),
        ("cuda.In", YES, "Y Out e InOut: qué se copia antes y después de un lanzamiento."),
        ("cuda.get_current_device", PARTLY, "Los límites de CUDA; lo que depende de una tarjeta "
         "(compute_capability, MULTIPROCESSOR_COUNT) se rechaza."),
        ("cuda.current_context", PARTLY, "synchronize y reset; get_memory_info se rechaza: no hay "
         "memoria de una tarjeta."),
        ("cuda.cudadrv", PARTLY, "Los errores (CudaAPIError es el de un lanzamiento imposible) y "
         "devicearray.DeviceNDArray, la clase de los arreglos; no las funciones del controlador."),
        ("compile_ptx", NO, "Ni las demás que compilan sin lanzar: el código de máquina lo "
         "dan urdimbre.compile_report y «urdimbre compilar», con el compilador de verdad."),
        ("kernel.inspect_asm", NO, "Y todo lo que depende del código de máquina (inspect_llvm, "
         "inspect_sass, get_regs_per_thread): lo dan urdimbre.compile_report y "
         "«urdimbre compilar», con el compilador de verdad."),
        ("kernel.inspect_types", YES, "Los tipos que se infieren, línea por línea."),
        ("cuda.stream", YES, "Todo ocurre en orden: el simulador no es asíncrono."),
        ("cuda.event", PARTLY, "Se registran en orden; elapsed_time da nan con un aviso: aquí no "
         "hay tiempo de GPU."),
        ("cuda.synchronize", YES, "No tiene nada que esperar."),
        ("cuda.syncwarp", YES, "También en las dos ramas de un «if», como los shuffles y los "
         "votos; los carriles nombrados que no llegan se detectan."),
        ("cuda.syncthreads_count", YES, "Pide un entero, como Numba."),
        ("cuda.syncthreads_and", YES, "Pide un entero, como Numba."),
        ("cuda.syncthreads_or", YES, "Pide un entero, como Numba."),
        ("cuda.shfl_sync", YES, "De 32 o 64 bits con signo o flotantes."),
        ("cuda.shfl_up_sync", YES, "De 32 o 64 bits con signo o flotantes."),
        ("cuda.shfl_down_sync", YES, "De 32 o 64 bits con signo o flotantes."),
        ("cuda.shfl_xor_sync", YES, "De 32 o 64 bits con signo o flotantes."),
        ("cuda.ballot_sync", YES, "Devuelve int32: un warp completo es -1."),
        ("cuda.all_sync", YES, "Devuelve bool."),
        ("cuda.any_sync", YES, "Devuelve bool."),
        ("cuda.eq_sync", YES, "Devuelve bool."),
        ("cuda.match_any_sync", YES, "Devuelve int32: un warp completo es -1."),
        ("cuda.match_all_sync", YES, "Devuelve (int32, bool)."),
        ("cuda.activemask", YES, "Los carriles activos aquí; en una GPU pueden ser menos."),
        ("cuda.lanemask_lt", YES, "uint32."),
        ("cuda.threadfence", YES, "Sin efecto: aquí todo se ve en orden."),
        ("cuda.threadfence_block", YES, "Sin efecto: aquí todo se ve en orden."),
        ("cuda.threadfence_system", YES, "Sin efecto: aquí todo se ve en orden."),
        ("cuda.cg.this_grid", YES, "Con .sync(): todos los bloques corren a la vez, hasta 270336 "
         "hilos; no se combina con el orden sorteado."),
        ("cuda.fp16", YES, "Todo se redondea a float16; las trascendentes difieren de una GPU "
         "a veces en el último bit."),
        ("cuda.libdevice", PARTLY, "Las funciones comunes; las rápidas (fast_…) dan aquí el valor "
         "preciso. Faltan las de Bessel, las inversas de erf y los redondeos dirigidos."),
        ("cmath", YES, "Y complex, real, imag, conjugate y abs; el último bit puede diferir."),
        ("cuda.random", YES, "xoroshiro128+: los mismos bits que Numba en los uniformes; un normal "
         "puede diferir en el último bit."),
        ("cuda.reduce", YES, "El orden no está definido, como en Numba."),
        ("cuda.Reduce", YES, "El orden no está definido, como en Numba."),
        ("numba.vectorize", PARTLY, "Con target=\"cuda\" y una lista de firmas: difusión, números "
         "sueltos, out y reduce. Sin Numba instalado, solo para CUDA y con firmas de texto."),
        ("numba.guvectorize", PARTLY, "Con target=\"cuda\", como vectorize."),
        ("cuda.open_ipc_array", NO, "Aquí no hay otro proceso con quien compartir memoria."),
        ("cuda.popc", YES, "El tipo del resultado es el del argumento."),
        ("cuda.clz", YES, "El tipo del resultado es el del argumento."),
        ("cuda.brev", YES, "uint32 o uint64."),
        ("cuda.ffs", YES, "uint32."),
        ("cuda.fma", YES, "Un solo redondeo; «a * b + c» también se funde, con las reglas del "
         "compilador real."),
        ("cuda.cbrt", YES, "De un entero da float64."),
        ("cuda.selp", YES, "Los dos valores, del mismo tipo."),
        ("cuda.nanosleep", YES, "Sin efecto: aquí no hay tiempo."),
    )
)  # fmt: skip
BY_NAME = {f.name: f for f in FEATURES}


def refuse(name: str) -> UnsupportedError:
    """El error que explica por qué ``name`` no está."""
    row = BY_NAME.get(name)
    if row is None:
        known = [row.name.removeprefix("cuda.") for row in FEATURES]
        hint = similar(name.removeprefix("cuda."), known)
        return UnsupportedError(
            f"«{name}» no existe en numba.cuda o este simulador no lo conoce.{hint}"
        )
    return UnsupportedError(f"«{name}» no está en este simulador. {row.note}")
