"""Los códigos de resultado y sus textos: una sola tabla.

``what`` dice qué pasó; ``look``, qué mirar. Los detalles (índices, líneas, hilos) los añade
quien encontró el problema.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """Qué pasó y qué mirar."""

    what: str
    look: str


LAYERS = {
    "right": "¿Da lo correcto?",
    "clean": "¿Está limpio?",
    "good": "¿Es bueno?",
}

STATUS = {
    "ok": "sí",
    "failed": "no",
    "pending": "pendiente",
    "unused": "no se mide",
}

CODES: dict[str, Text] = {
    "not_written": Text(
        "Todavía no has escrito tu solución.",
        "Borra la línea «raise NotImplementedError()» y escribe ahí tu código.",
    ),
    "not_a_kernel": Text(
        "Lo que recibió la comprobación no es un kernel.",
        "Pasa el kernel por su nombre, sin corchetes ni paréntesis, "
        "y comprueba que la función lleva @cuda.jit.",
    ),
    "not_a_function": Text(
        "Lo que recibió la comprobación no es una función de Python.",
        "Pasa la función por su nombre, sin paréntesis y sin @cuda.jit.",
    ),
    "wrong_signature": Text(
        "Los parámetros no son los del enunciado.",
        "Conserva la línea «def» tal como venía.",
    ),
    "compile_error": Text(
        "El kernel no compila.",
        "Corrige la línea indicada.",
    ),
    "launch_error": Text(
        "El kernel no se puede lanzar.",
        "Revisa cuánta memoria local o compartida declara.",
    ),
    "loop_budget": Text(
        "Un ciclo no termina.",
        "Comprueba que la variable de la condición cambia en cada vuelta, y en qué dirección.",
    ),
    "runtime_error": Text(
        "El código falló mientras corría.",
        "Lee el motivo y revisa la línea indicada.",
    ),
    "out_of_memory": Text(
        "El kernel pidió más memoria de la que hay.",
        "Revisa el tamaño de los arreglos que declara.",
    ),
    "wrong_type": Text(
        "El resultado no es del tipo pedido.",
        "Devuelve enteros de Python, no números con decimales ni otros objetos.",
    ),
    "wrong_shape": Text(
        "El resultado no tiene la forma pedida.",
        "Revisa cuántos valores devuelves y en qué orden.",
    ),
    "wrong_values": Text(
        "El resultado no es el esperado.",
        "Haz a mano la cuenta del primer elemento de la lista: qué hilo lo escribe, qué debía "
        "leer y qué leyó.",
    ),
    "wrong_values:function": Text(
        "El resultado no es el esperado.",
        "Sigue ese caso a mano, con las condiciones del enunciado una por una.",
    ),
    "unwritten_output": Text(
        "Quedaron casillas de salida sin escribir.",
        "Pregúntate qué hilo debía escribir la primera de la lista, si la malla alcanza hasta ella "
        "y si ese hilo la escribe en todas las ramas.",
    ),
    "unwritten_output:matrix": Text(
        "Quedaron casillas de salida sin escribir.",
        "Pregúntate qué hilo debía escribir la primera de la lista y si la malla alcanza hasta "
        "ella. Mira también que la fila y la columna no estén cambiadas, y que tus índices usen "
        "todos los ejes de la malla.",
    ),
    "order_dependent": Text(
        "El resultado depende del orden en que corren los warps.",
        "Una operación atómica no pierde cuentas, pero no dice quién va primero. "
        "Calcula el lugar de cada dato con los índices, no con el turno en que llega.",
    ),
    "order_dependent_bits": Text(
        "El resultado no se repite: sus últimos bits dependen del orden de los warps.",
        "Cada orden redondea distinto. "
        "Busca dónde se juntan valores según van llegando, y fija qué se suma con qué. "
        "Un tipo más ancho redondea menos, pero también redondea.",
    ),
    "missing_kernel": Text(
        "Falta uno de los kernels del ejercicio.",
        "Define todos los del enunciado y pásalos a la comprobación en el mismo orden.",
    ),
    "reads_output": Text(
        "El kernel usa lo que había en la salida antes de escribirla.",
        "La salida empieza con basura: dale su valor con «=», no con «+=».",
    ),
    "input_modified": Text(
        "El kernel cambió un arreglo de entrada.",
        "Los arreglos de entrada solo se leen. Revisa a la izquierda de cada «=».",
    ),
    "outside_write": Text(
        "El kernel escribió fuera del arreglo de salida.",
        "Protege la escritura con una condición sobre el índice.",
    ),
    # El consejo de estos cinco lo da cada hallazgo, según el caso: aquí solo sobraría.
    "out_of_bounds": Text("Hay accesos fuera de rango.", ""),
    "misaligned": Text("Hay accesos desalineados.", ""),
    "uninitialized": Text("El kernel lee memoria a la que nadie dio un valor.", ""),
    "race": Text(
        "Hay una carrera: dos hilos tocan el mismo dato sin un orden entre ellos, "
        "y el resultado depende de cuál llegue antes.",
        "",
    ),
    "divergent_barrier": Text("No todos los hilos del bloque llegan a una barrera.", ""),
    "over_limit": Text(
        "Hace más trabajo del necesario.",
        "Mira qué accesos sobran y si los hilos vecinos tocan direcciones vecinas.",
    ),
    "over_limit:static_shared_bytes": Text(
        "La memoria compartida es estática, y el ejercicio pide dinámica.",
        "Declara el arreglo con forma 0: su tamaño se elige al lanzar el kernel.",
    ),
    "over_limit:atomic_requests": Text(
        "Hace más operaciones atómicas de las necesarias.",
        "Cuenta cuántas veces suma cada bloque a la memoria global: con una, al final, basta.",
    ),
    "over_limit:atomic_lanes": Text(
        "Hace más operaciones atómicas de las necesarias.",
        "Junta antes lo que puedas, en una variable de cada hilo o en la memoria compartida, "
        "y deja para la atómica solo el resumen.",
    ),
    "over_limit:bank_conflicts": Text(
        "Hay conflictos de bancos en la memoria compartida.",
        "Mira cuántas palabras distintas del mismo warp caen en un banco.",
    ),
    "over_limit:barriers": Text(
        "Hay más barreras de las necesarias.",
        "Una barrera separa dos fases: pregunta qué escritura y qué lectura separa cada una.",
    ),
    "over_limit:global_load_requests": Text(
        "Hace más lecturas de la memoria global de las necesarias.",
        "Mira cuántos hilos trabajan en cada acceso, porque un warp completo gasta una sola "
        "petición, y si algún elemento se lee dos veces: guárdalo en una variable.",
    ),
    "over_limit:global_store_requests": Text(
        "Hace más escrituras en la memoria global de las necesarias.",
        "Mira cuántos hilos trabajan en cada acceso, porque un warp completo gasta una sola "
        "petición, y si algún elemento lo escriben varios.",
    ),
    **dict.fromkeys(
        ("over_limit:shared_load_requests", "over_limit:shared_store_requests"),
        Text(
            "Hace más peticiones a la memoria compartida de las necesarias.",
            "Mira cuántos hilos trabajan en cada acceso y si algún valor se pide más de una vez: "
            "un hilo solo gasta una petición, igual que un warp completo.",
        ),
    ),
    "over_limit:global_load_sectors": Text(
        "Lee más sectores de memoria global de los necesarios.",
        "Mira si los hilos vecinos leen direcciones vecinas y si algún dato se lee dos veces.",
    ),
    "over_limit:global_store_sectors": Text(
        "Escribe más sectores de memoria global de los necesarios.",
        "Mira si los hilos vecinos escriben en direcciones vecinas "
        "y si algún elemento se escribe dos veces.",
    ),
    "over_limit:same_value_writers": Text(
        "Hilos que sobran repiten la escritura de otro.",
        "Un hilo sin elemento no debe tocar nada: compara su índice con el tamaño, en lugar de "
        "llevarlo al último elemento.",
    ),
    "over_limit:double_operations": Text(
        "Hace cuentas en float64 que no hacen falta.",
        "Convierte con np.float32(…) lo que ensancha la cuenta en esas líneas: un literal, con "
        "punto o sin él, o un entero, como x.shape[1], que se combina con un float32 o comparte "
        "con él una variable.",
    ),
    "unused_shared": Text(
        "La memoria compartida está de adorno: el resultado no depende de ella.",
        "Con ceros en lugar de lo que lees de ella sale lo mismo, así que los datos llegan por "
        "otro camino. Guarda en ella lo que lees de la memoria global y calcula con lo que lees "
        "de ella.",
    ),
    "under_limit": Text(
        "Falta usar lo que el ejercicio pide.",
        "Relee el enunciado: ahí está la herramienta que hay que practicar.",
    ),
}

OUTCOMES = {
    "passed": "La entrega está bien.",
    "failed": "La entrega tiene algo que corregir.",
    "timeout": "La entrega no terminó a tiempo.",
    "crash": "La entrega hizo caer el proceso que la corría.",
    "invalid": "No se puede leer el código: tiene un error de sintaxis.",
    "missing": "En el código no está lo que pide el ejercicio.",
    "grader_error": "El corrector falló. No es culpa de la entrega: hay que corregirla de nuevo.",
}


START_HERE = (
    "Empieza por lo que responde a la segunda pregunta, más abajo: suele ser la causa de que el "
    "resultado no sea el esperado."
)


def text(code: str) -> Text:
    """El texto de un código; sin texto propio, ``over_limit:contador`` usa el de su familia."""
    return CODES.get(code) or CODES[code.partition(":")[0]]


def compose(code: str, *details: str) -> str:
    """Mensaje completo: qué pasó, los detalles y qué mirar."""
    what, look = text(code)
    return "\n".join(part for part in (what, *details, look) if part)


def deferred(messages: list[str]) -> list[str]:
    """Los mismos mensajes sin su última línea, y al final dónde está lo que hay que mirar."""
    *some, last = (message.rpartition("\n")[0] for message in messages)
    return [*some, f"{last}\n{START_HERE}"]
