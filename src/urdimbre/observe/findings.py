"""Hallazgos: lo que un observador encontró, como datos y como texto en español.

Los mensajes están todos en ``MESSAGES``: qué pasó, quién (línea, bloque, hilos) y qué mirar.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from urdimbre.sim.events import LaunchInfo

ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True)
class Finding:
    """Un hallazgo, ya agrupado.

    Attributes:
        kind: ``"out_of_bounds"``, ``"misaligned"``, ``"race"``, ``"divergent_barrier"``,
            ``"uninitialized"`` o ``"negative_index"``.
        message: qué pasó, quién y qué mirar.
        line, source: la línea y su texto; en una carrera, la del segundo acceso.
        block: ``(x, y, z)`` del primer bloque afectado.
        threads: ``(x, y, z)`` de los hilos que se nombran.
        array: nombre del arreglo, si hay uno.
        other_line, other_source: en una carrera, la línea del primer acceso; en una lectura sin
            inicializar, la de la declaración (0 si es un argumento).
        count: cuántas veces pasó: carriles; en una barrera, bloques, o warps si es de warp.
        detail: datos sueltos según la clase; siempre ``severity``.
    """

    kind: str
    message: str
    line: int
    source: str
    block: tuple[int, int, int]
    threads: tuple[tuple[int, int, int], ...]
    array: str = ""
    other_line: int = 0
    other_source: str = ""
    count: int = 1
    detail: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("line", "other_line"):  # fuera de la ejecución, un número es un número
            object.__setattr__(self, name, int(getattr(self, name)))

    @property
    def severity(self) -> str:
        """``"error"``, ``"warning"`` o ``"info"``."""
        return self.detail.get("severity", ERROR)

    def to_dict(self) -> dict[str, Any]:
        """Todo el hallazgo con tipos que JSON entiende."""
        return asdict(self)

    def __str__(self) -> str:
        places = {(self.line, self.source), (self.other_line, self.other_source)}
        quoted = [f"    {n:>4} | {text}" for n, text in sorted(places) if text]
        return "\n".join([self.message, *quoted])


@dataclass
class Group:
    """Lo que un observador junta en un hallazgo: el primer caso y cuántas veces pasó.

    ``fields`` son campos de ``Finding``; ``words``, lo que llena la plantilla del mensaje;
    ``crosses``, si alguna vez pasó entre dos bloques.
    """

    fields: dict[str, Any]
    words: dict[str, Any]
    count: int = 0
    crosses: bool = False


MESSAGES = {
    "out_of_bounds": (
        "Línea {line}: {action} fuera de rango en «{array}». "
        "El hilo {thread} del bloque {block} usa {element}, y {valid}.{more} "
        "Revisa el índice, o protege el acceso con una condición."
    ),
    "misaligned": (
        "Línea {line}: {action} desalineada en «{array}». "
        "El hilo {thread} del bloque {block} usa la dirección {address}, "
        "que no es múltiplo de {size} B.{more} "
        "Revisa dónde empieza el arreglo o de qué tipo se declaró."
    ),
    "negative_index": (
        "Línea {line}: un índice de «{array}» es negativo. El hilo {thread} del bloque {block} "
        "usa {element}, que no es un error: cuenta desde el final, y en realidad {verb} {actual}."
        "{more} Si ese hilo no tiene vecino, dale su propia rama con una condición."
    ),
    "RAW": (
        "Carrera en memoria {space}: en la línea {line} el hilo {thread} del bloque {block} "
        "{now} {element}{alias}, que el hilo {other} {before} en la línea {other_line}, y ninguna "
        "barrera separa los dos accesos: puede leer el valor viejo.{more} {advice}"
    ),
    "WAR": (
        "Carrera en memoria {space}: en la línea {line} el hilo {thread} del bloque {block} "
        "{now} {element}{alias}, que el hilo {other} {before} en la línea {other_line}, y ninguna "
        "barrera separa los dos accesos: puede cambiarlo antes de que se lea.{more} {advice}"
    ),
    "WAW": (
        "Carrera en memoria {space}: en la línea {line} el hilo {thread} del bloque {block} "
        "{now} {element}{alias}, que el hilo {other} {before} en la línea {other_line}, y ninguna "
        "barrera separa los dos accesos: no se sabe qué valor queda.{more} {advice}"
    ),
    "WAW_update": (
        "Carrera en memoria {space}: en la línea {line} {both} actualizan {element} a la vez. Cada "
        "hilo parte del valor viejo y escribe el suyo: se pierden actualizaciones.{more} Usa una "
        "operación atómica, como cuda.atomic.add o cuda.atomic.max."
    ),
    "WAW_together": (
        "Carrera en memoria {space}: en la línea {line} {both} escriben {element} en la misma "
        "instrucción: no se sabe qué valor queda.{more} "
        "Haz que escriba un solo hilo, o da a cada hilo su elemento."
    ),
    "WAW_same_value": (
        "Carrera en memoria {space}: en la línea {line} {both} escriben {element} en la misma "
        "instrucción. Escriben el mismo valor y el resultado no cambia, pero basta con que escriba "
        "un hilo.{more}"
    ),
    "barrier_branch": (
        "Línea {line}: no todo el bloque {block} llega a la barrera. Hilos que llegan: {arrived} "
        "de {total}; el hilo {thread} no pasa por ella: tomó otra rama o salió del ciclo.{more} "
        "En una GPU el bloque puede colgarse o dar un resultado indefinido. "
        "Saca la barrera de la condición o del ciclo que unos hilos no ejecutan."
    ),
    "barrier_exited": (
        "Línea {line}: no todo el bloque {block} llega a la barrera. Hilos que llegan: {arrived} "
        "de {total}; el hilo {thread} ya terminó con return.{more} "
        "Cambia el return temprano por una condición que deje llegar a todos a la barrera."
    ),
    "barrier_mixed": (
        "Línea {line}: no todo el bloque {block} llega a la barrera. Hilos que llegan: {arrived} "
        "de {total}; unos tomaron otra rama o salieron del ciclo, como el hilo {thread}, y otros "
        "ya terminaron con return.{more} Saca la barrera de la condición, y cambia el return "
        "temprano por una condición que deje llegar a todos."
    ),
    "uninitialized": (
        "Línea {line}: {action} «{array}» sin inicializar. El hilo {thread} del bloque {block} "
        "usa {element}{declared} y {nobody} le dio un valor antes: lo que lee es basura.{more} "
        "{advice}"
    ),
    "warp_missing": (
        "Línea {line}: la máscara nombra al hilo {thread} del bloque {block} (carril {lane} del "
        "warp {warp}), que no llega aquí ni a la misma operación en la otra "
        "rama: tomó otro camino o salió del ciclo.{more} En una GPU el "
        "warp se queda esperándolo, o el resultado queda indefinido. Nombra en la máscara solo a "
        "los carriles que llegan, o saca la instrucción de la condición."
    ),
    "warp_unnamed": (
        "Línea {line}: el hilo {thread} del bloque {block} (carril {lane} del warp {warp}) llega "
        "aquí y la máscara no lo nombra.{more} En una GPU el resultado queda indefinido. Pon su "
        "bit en la máscara, o deja fuera al hilo con una condición."
    ),
}

ACTIONS = {"load": "lectura", "store": "escritura", "atomic": "operación atómica"}
VERBS = {"load": "lee", "store": "escribe", "atomic": "actualiza con una atómica"}


def more(extra: int) -> str:
    """« Pasa 3 veces más.», o nada si no hay más."""
    if extra <= 0:
        return ""
    return f" Pasa {extra} {'vez' if extra == 1 else 'veces'} más."


def place(launch: LaunchInfo | None, line: int) -> str:
    """«7», o «7 de «clamp»» si la línea es de otra función que el kernel."""
    function = getattr(line, "function", "")
    known = launch is not None and function and function != launch.kernel
    return f"{int(line)} de «{function}»" if known else str(int(line))


def quote(launch: LaunchInfo | None, line: int) -> str:
    """El texto de la línea, o vacío si no se conoce el lanzamiento."""
    return launch.source_line(line) if launch and line else ""
