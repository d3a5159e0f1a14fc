"""Correr un programa de Numba CUDA sin cambiarle nada, o perfilar todos sus lanzamientos."""

from __future__ import annotations

import contextlib
import importlib.util
import runpy
import sys
import traceback
from collections.abc import Iterator, Sequence
from json import dumps
from pathlib import Path

from urdimbre import backend
from urdimbre.errors import NOT_TEXT, ScriptError, UrdimbreError

MISSING = "No existe el archivo {path}."
FOLDER = "«{path}» es una carpeta, y se espera un archivo .py."
NOT_PYTHON = "{path} no es un programa de Python: se espera un archivo .py."
UNREADABLE = "No se puede leer {path}: {reason}."
NO_KERNEL = (
    "El programa no lanzó ningún kernel. «compilar» corre el programa y compila los que lanza: "
    "agrega el lanzamiento, o en un notebook usa urdimbre.compile_report(kernel, firma)."
)
STOPPED = "El programa se detuvo antes de lanzar un kernel que se pueda compilar: mira su error."
NOT_LAUNCHED = "El programa no lanzó ningún kernel «{name}». Los que lanzó: {known}."
UNWRITABLE = "No se puede escribir {path}: {reason}."


def run_script(path: str | Path, arguments: Sequence[str] = (), *, mode: str | None = None) -> int:
    """Corre un programa como lo haría ``python``, con ``numba.cuda`` real o simulado.

    Args:
        path: el archivo ``.py``; se corre como ``__main__``, con su carpeta en ``sys.path``.
        arguments: lo que el programa verá en ``sys.argv[1:]``.
        mode: ``"sim"`` o ``"gpu"`` para forzar uno.

    Returns:
        El código de salida del programa: 1 si terminó con un error, que se escribe en la salida
        de errores. De los errores de Urdimbre se muestra el mensaje; de los del programa, la traza
        desde su primera línea.

    Raises:
        ScriptError: si el archivo no existe o no es Python.
        BackendError: si se pide una GPU que no está.
    """
    script = readable_script(path)
    print(backend.enable(mode, quiet=True), file=sys.stderr, flush=True)
    with _as_main(script, arguments):
        try:
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as stop:
            return _exit_code(stop)
        except UrdimbreError as error:
            print(f"{_place(error, script)}{error}", file=sys.stderr)
            return 1
        except Exception as error:
            sys.stderr.writelines(_user_traceback(error, script))
            return 1
    return 0


def profile_script(
    path: str | Path,
    arguments: Sequence[str] = (),
    *,
    card: str | None = None,
    registers: int | str | None = None,
) -> tuple[int, list]:
    """Corre un programa en el simulador y observa cada uno de sus lanzamientos.

    Args:
        path, arguments: como en ``run_script``.
        card, registers: como en ``urdimbre.observe.profile``.

    Returns:
        El código de salida, como ``run_script``, y un ``KernelProfile`` por kernel, en el orden en
        que aparecieron.

    Raises:
        ScriptError: si el archivo no existe o no es Python.
        ArgumentError: si no hay picos de esa tarjeta.
    """
    from urdimbre import sim
    from urdimbre.observe.per_kernel import PerKernel
    from urdimbre.observe.roofline import card_named

    observer = PerKernel(card_named(card) if card else None, registers)
    with sim.observing(observer):
        code = run_script(path, arguments, mode="sim")
    return code, observer.profiles()


def compile_script(
    path: str | Path, arguments: Sequence[str] = (), *, cc: str = "8.0", kernel: str | None = None
) -> tuple[int, list]:
    """Corre un programa en el simulador y compila de verdad cada kernel que lanza.

    Args:
        path, arguments: como en ``run_script``.
        cc: capacidad de cómputo del código que se muestra.
        kernel: solo los que se llaman así.

    Returns:
        El código de salida, como ``run_script``, y un ``CompileReport`` por kernel y por juego de
        tipos, en el orden en que aparecieron.

    Raises:
        ScriptError: si el archivo no existe o no es Python, o no lanza el kernel que se pide.
        CompilerError: si la cadena de compilación no está instalada.
        ArgumentError: si no hay datos de esa capacidad.
    """
    from urdimbre import sim
    from urdimbre.compiler.jobs import Recorder
    from urdimbre.compiler.report import capability, report_of
    from urdimbre.compiler.toolchain import toolchain

    capability(cc)
    toolchain().require()
    recorder = Recorder()
    with sim.observing(recorder):
        code = run_script(path, arguments, mode="sim")
    jobs = [job for job in recorder.jobs if kernel in (None, job.kernel.name)]
    if recorder.jobs and not jobs:
        known = ", ".join(dict.fromkeys(job.kernel.name for job in recorder.jobs))
        raise ScriptError(NOT_LAUNCHED.format(name=kernel, known=known))
    return code, [report_of(job, cc) for job in jobs]


def write_reports(reports: Sequence, title: str, *, html: str | None, json: str | None) -> list:
    """Guarda unos informes de compilación en los archivos que se piden, y dice cuáles escribió.

    Raises:
        ScriptError: si no se puede escribir alguno.
    """
    from urdimbre.compiler.report_html import page

    data = {"program": title, "kernels": [report.to_dict() for report in reports]}
    contents = (
        (html, lambda: page(reports, title)),
        (json, lambda: dumps(data, ensure_ascii=False, indent=1) + "\n"),
    )
    written = []
    for where, content in contents:
        if where is None:
            continue
        try:
            Path(where).write_text(content(), encoding="utf-8")
        except OSError as error:
            raise ScriptError(UNWRITABLE.format(path=where, reason=error.strerror)) from error
        written.append(Path(where))
    return written


def write_profiles(
    kernels: Sequence, title: str, *, html: str | None = None, json: str | None = None,
    images: str | None = None,
) -> list[Path]:  # fmt: skip
    """Guarda unos perfiles en los archivos que se piden, y dice cuáles escribió.

    Args:
        kernels: los ``KernelProfile`` de ``profile_script``.
        title: título de la página.
        html, json: archivo de cada uno; ``images``, la carpeta de las figuras.

    Raises:
        ScriptError: si no se puede escribir alguno.
    """
    writers = ((html, _write_html), (json, _write_json), (images, _write_images))
    written: list[Path] = []
    for where, write in writers:
        if where is None:
            continue
        try:
            written += write(kernels, title, Path(where))
        except OSError as error:
            raise ScriptError(UNWRITABLE.format(path=where, reason=error.strerror)) from error
    return written


def _write_html(kernels: Sequence, title: str, path: Path) -> list[Path]:
    from urdimbre.plots.page import page

    path.write_text(page(kernels, title), encoding="utf-8")
    return [path]


def _write_json(kernels: Sequence, title: str, path: Path) -> list[Path]:
    data = {"program": title, "kernels": [kernel.to_dict() for kernel in kernels]}
    path.write_text(dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [path]


def _write_images(kernels: Sequence, title: str, path: Path) -> list[Path]:
    from urdimbre.plots.page import write_images

    return write_images(kernels, path)


def readable_script(path: str | Path) -> Path:
    """La ruta, si es un programa que se puede leer.

    Raises:
        ScriptError: si no lo es.
    """
    script = Path(path)
    if script.is_dir():
        raise ScriptError(FOLDER.format(path=script))
    if not script.is_file():
        raise ScriptError(MISSING.format(path=script))
    if script.suffix != ".py":
        raise ScriptError(NOT_PYTHON.format(path=script))
    try:
        text = importlib.util.decode_source(script.read_bytes())
    except OSError as error:
        raise ScriptError(UNREADABLE.format(path=script, reason=error.strerror)) from error
    except (UnicodeDecodeError, SyntaxError) as error:
        raise ScriptError(NOT_TEXT.format(path=script)) from error
    if "\0" in text:
        raise ScriptError(NOT_TEXT.format(path=script))
    return script


@contextlib.contextmanager
def _as_main(script: Path, arguments: Sequence[str]) -> Iterator[None]:
    """``sys.argv`` y ``sys.path`` como los vería el programa corrido por su cuenta."""
    before = sys.argv, sys.path[:]
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(script.resolve().parent))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = before


def _exit_code(stop: SystemExit) -> int:
    if stop.code is None or isinstance(stop.code, int):
        return stop.code or 0
    print(stop.code, file=sys.stderr)
    return 1


def _own_frames(error: BaseException, script: Path) -> list[traceback.FrameSummary]:
    """La traza a partir del programa: sin lo que lo puso a correr."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if frame.filename == str(script)]
    return list(frames[own[0] :]) if own else []


def _place(error: UrdimbreError, script: Path) -> str:
    """La línea del programa que provocó uno de nuestros errores."""
    own = [frame for frame in _own_frames(error, script) if frame.filename == str(script)]
    return f"{script}, línea {own[-1].lineno}: {own[-1].line}\n" if own else ""


def _user_traceback(error: Exception, script: Path) -> list[str]:
    frames = _own_frames(error, script)
    head = ["Traceback (most recent call last):\n", *traceback.format_list(frames)]
    return [*(head if frames else []), *traceback.format_exception_only(error)]
