"""Todas las excepciones de Urdimbre: una clase por motivo, mensaje en español.

Cada mensaje dice qué pasó, dónde y qué hacer.
"""

from __future__ import annotations

NOT_TEXT = "{path} no es texto en UTF-8. Guárdalo otra vez desde tu editor."


class UrdimbreError(Exception):
    """Base de todos los errores propios."""


class BackendError(UrdimbreError):
    """El backend pedido no se puede usar (por ejemplo, una GPU que no está)."""


class KernelError(UrdimbreError):
    """Error en un kernel, con el lugar exacto.

    Attributes:
        line: línea del archivo o de la celda (desde 1); 0 si no se conoce.
        source: texto de esa línea, sin sangría.
        filename: archivo o celda.
    """

    def __init__(self, message: str, *, line: int = 0, source: str = "", filename: str = ""):
        self.message, self.line = message, line
        self.source, self.filename = source.strip(), filename
        super().__init__(self._full())

    def _full(self) -> str:
        where = f"Línea {self.line}: " if self.line else ""
        shown = f"\n    {self.source}" if self.source else ""
        return f"{where}{self.message}{shown}"


class UnsupportedError(KernelError):
    """El kernel usa algo que el dialecto (o este simulador) no tiene."""


class KernelTypeError(KernelError):
    """Los tipos no cuadran: Numba tampoco compilaría este kernel."""


class KernelSourceError(KernelError):
    """No se puede leer el código fuente del kernel."""


class KernelRuntimeError(KernelError):
    """El kernel falló mientras corría."""


class LoopBudgetError(KernelRuntimeError):
    """Un ciclo dio más vueltas de las permitidas: casi siempre, un ciclo sin fin."""


class BarrierError(KernelRuntimeError):
    """Una barrera a la que no llegan todos los hilos del bloque."""


class LaunchError(UrdimbreError, ValueError):
    """Configuración de lanzamiento imposible (límites de CUDA)."""


class ArgumentError(UrdimbreError, ValueError):
    """Argumentos del lanzamiento que no corresponden al kernel."""


class OutOfBoundsWarning(UserWarning):
    """Un kernel leyó o escribió fuera de un arreglo y nadie lo observaba."""


class ExerciseError(UrdimbreError):
    """El ejercicio pedido no existe o lo entregado no es lo que se esperaba."""


class SubmissionError(UrdimbreError):
    """Una entrega que no se puede leer: no es un notebook, le faltan celdas, está dañada."""


class CheckFailed(UrdimbreError):
    """Una comprobación que no pasa. En un notebook se muestra en una línea, sin traza."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class CourseError(UrdimbreError):
    """El curso no se puede abrir o construir: falta un programa, una carpeta o un permiso."""


class ScriptError(UrdimbreError):
    """El programa que se pidió ejecutar no se puede leer."""


class CompilerError(UrdimbreError):
    """El compilador de verdad no está instalado, o dejó de responder."""
