"""Abrir el curso: construir el libro si hace falta y arrancar JupyterLab en español."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from urdimbre.course import book
from urdimbre.course.chapters import chapters
from urdimbre.course.first_kernel import first_kernel
from urdimbre.errors import CourseError

HOST = "127.0.0.1"
DEFAULT_PORT = 8888
PORTS_TRIED = 50
START_SECONDS = 90
STOP_SECONDS = 10
SETTINGS = Path(__file__).parent / "lab_settings"

MISSING = "Falta JupyterLab. Instálalo con «make abrir», o con: pip install -r requirements.txt"
BAD_PORT = "El puerto {port} no vale: elige uno entre 1024 y 65535."
BUSY = "El puerto {wanted} está en uso; se usa el {port}. Para elegir otro: --puerto N."
NO_PORT = "No hay un puerto libre entre {first} y {last}. Elige otro con --puerto N."
DIED = "JupyterLab no arrancó. Lo último que dijo:\n\n{tail}"
NO_BOOK = "{error}\n\nEl libro no está, pero los notebooks sí: se abre JupyterLab."
OPEN = """
El curso está abierto.

  Notebooks:  {url}
  Libro:      {book}

Para terminar, vuelve a esta ventana y pulsa Ctrl-C. Tu trabajo se guarda solo en esta carpeta."""
CLOSED = "\nCurso cerrado. Para seguir otro día, repite el mismo comando."


def open_course(root: Path, *, port: int | None = None, browser: bool = True) -> int:
    """Abre el curso y espera hasta que se cierre con Ctrl-C.

    Args:
        root: raíz del curso.
        port: puerto de JupyterLab; por omisión, el 8888 o el primero libre después.
        browser: abrir el navegador si hay una pantalla.

    Returns:
        0, o el código con que terminó JupyterLab si se cerró por su cuenta.

    Raises:
        CourseError: si falta JupyterLab, no hay puerto o no arranca.
    """
    if find_spec("jupyterlab") is None:
        raise CourseError(MISSING)
    chosen = free_port(port or DEFAULT_PORT)
    if port and chosen != port:
        print(BUSY.format(wanted=port, port=chosen), flush=True)
    has_book = _prepare_book(root)
    token = secrets.token_hex(16)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log, _as_interrupt():
        process = _start(root, chosen, token, log)
        try:
            _wait_until_ready(process, chosen, log)
            address = url(root, chosen, token)
            print(f"\n{first_kernel()}", flush=True)
            print(OPEN.format(url=address, book=_book_address(root, chosen, has_book)), flush=True)
            if browser and has_screen():
                webbrowser.open(address)
            return process.wait()
        except KeyboardInterrupt:
            print(CLOSED, flush=True)
            return 0
        finally:
            _stop(process)


def url(root: Path, port: int, token: str) -> str:
    """La dirección del primer notebook del curso."""
    return f"http://localhost:{port}/lab/tree/{first_notebook(root)}?token={token}"


def first_notebook(root: Path) -> str:
    """El notebook del primer capítulo que lo tiene; si no hay ninguno, la carpeta."""
    for path in chapters(root):
        if (root / "notebooks" / f"{path.stem}.ipynb").is_file():
            return f"notebooks/{path.stem}.ipynb"
    return ""


def _prepare_book(root: Path) -> bool:
    if not book.is_current(root):
        print("Construyendo el libro: se ejecutan todas sus celdas", flush=True)
    try:
        book.build(root, report=lambda line: print(line, flush=True))
    except CourseError as error:
        print(NO_BOOK.format(error=error), flush=True)
    return book.page(root).is_file()


def _book_address(root: Path, port: int, has_book: bool) -> str:
    if not has_book:
        return "sin construir"
    first = chapters(root)[0].with_suffix(".html").as_posix()
    return f"http://localhost:{port}/static/{first}\n              {book.page(root)}"


# --- El puerto -------------------------------------------------------------------------------


def free_port(wanted: int) -> int:
    """El puerto pedido si está libre; si no, el primero libre después.

    Raises:
        CourseError: si no es un puerto válido o no hay ninguno libre cerca.
    """
    if not 1024 <= wanted <= 65535:
        raise CourseError(BAD_PORT.format(port=wanted))
    last = min(wanted + PORTS_TRIED, 65535)
    for port in range(wanted, last + 1):
        if is_free(port):
            return port
    raise CourseError(NO_PORT.format(first=wanted, last=last))


def is_free(port: int) -> bool:
    """Si se puede escuchar en ese puerto y nadie contesta en él."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def has_screen() -> bool:
    """Si tiene sentido abrir un navegador: en Linux, solo con una sesión gráfica."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# --- El servidor -----------------------------------------------------------------------------


def _start(root: Path, port: int, token: str, log: IO[str]) -> subprocess.Popen:
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "-y", "--allow-root",
        f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}", f"--LabApp.app_settings_dir={SETTINGS}",
        f"--ServerApp.extra_static_paths={root / '_build' / 'html'}",
    ]  # fmt: skip
    # La clave va en el entorno y no en la orden, que en un equipo compartido ve cualquiera.
    environment = os.environ | {"JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1"}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )


def _wait_until_ready(process: subprocess.Popen, port: int, log: IO[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.2)
    log.seek(0)
    raise CourseError(DIED.format(tail="".join(log.readlines()[-15:])))


def _stop(process: subprocess.Popen) -> None:
    """Lo deja terminar; si no quiere, lo termina."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


@contextlib.contextmanager
def _as_interrupt() -> Iterator[None]:
    """Que pedir el fin del proceso (SIGTERM) cierre con el mismo orden que Ctrl-C."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
