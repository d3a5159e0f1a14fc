"""El proceso del compilador: recibe kernels congelados y devuelve PTX, código de máquina y tipos.

Habla por sus tuberías: cada mensaje es su largo en ocho bytes y un ``pickle``. No toca el
controlador de CUDA: quien pregunte por la tarjeta recibe solo la capacidad de cómputo pedida.
"""

from __future__ import annotations

import os
import pickle
import re
import struct
import sys
import traceback
import warnings
from types import SimpleNamespace
from typing import Any, BinaryIO
from unittest import mock

HEADER = struct.Struct("<Q")
# Desde 9.0, Numba compila para la tarjeta exacta.
EXACT = (9, 0)


def main() -> int:
    """Atiende peticiones hasta que se cierra la entrada."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # lo que alguien imprima no se mezcla con las respuestas
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    warnings.simplefilter("ignore")
    while (request := receive(sys.stdin.buffer)) is not None:
        send(answers, _answer(request))
    return 0


def send(stream: BinaryIO, message: Any) -> None:
    """Escribe un mensaje."""
    data = pickle.dumps(message)
    stream.write(HEADER.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """El siguiente mensaje, o ``None`` si la tubería se cerró."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    return pickle.loads(stream.read(HEADER.unpack(head)[0]))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    sys.path[:] = request.get("path", sys.path)
    try:
        return compile_frozen(**request["compile"])
    except Exception as error:  # Numba falla de muchas maneras: todas se cuentan igual
        return {"compiles": False, **explain(error)}


def explain(error: Exception) -> dict[str, Any]:
    """Lo que dijo el compilador y en qué línea, si lo dice."""
    text = str(error)
    line = getattr(getattr(error, "loc", None), "line", 0)
    said = re.findall(r'File "[^"]*", line (\d+)', text)
    kind = type(error).__name__
    return {
        "kind": kind,
        "message": text or kind,
        "line": int(said[-1]) if said else int(line or 0),
        "trace": "".join(traceback.format_exception(error)[-3:]),
    }


def compile_frozen(frozen: dict, types: Any, ccs: tuple, lines: bool = False) -> dict[str, Any]:
    """Compila un kernel para varias capacidades de cómputo, como ``numba.cuda`` al lanzarlo.

    Args:
        frozen: de :func:`urdimbre.compiler.freeze.freeze`.
        types: la firma, o un código por argumento.
        ccs: capacidades, como ``(8, 0)``; si falla la primera, el kernel no compila.
        lines: si se quiere además, para la primera, el código con la línea de cada instrucción.
            Se compila aparte porque pedir las líneas puede cambiar algún registro.

    Returns:
        Los tipos inferidos, las operaciones que pasan a ``float64``, y en ``builds``, por
        capacidad, el PTX, el registro del ensamblador y el ejecutable; en ``failed``, las
        capacidades que no.
    """
    from urdimbre.compiler import inferred
    from urdimbre.compiler.thaw import kernel_function, numba_types

    function, options = kernel_function(frozen)
    args = numba_types(types)
    result, library = _lower(function, args, options, ccs[0])
    builds = {ccs[0]: _build(library, ccs[0], options)}
    failed = {}
    for cc in ccs[1:]:
        try:
            builds[cc] = _build(library, cc, options)
        except Exception as error:  # como en _answer
            failed[cc] = str(error)
    answer = {
        "compiles": True, "args": [str(t) for t in args], "builds": builds, "failed": failed,
        **inferred.inference(result.type_annotation, args),
    }  # fmt: skip
    if lines:
        _, library = _lower(function, args, {**options, "lineinfo": True}, ccs[0])
        answer["lines"] = _build(library, ccs[0], options)
    return answer


def _lower(function: Any, args: tuple, options: dict, cc: tuple[int, int]) -> tuple[Any, Any]:
    """De Python a LLVM, como lo hace ``numba.cuda`` al lanzar."""
    from numba import types
    from numba.cuda.compiler import compile_cuda, kernel_fixup
    from numba.cuda.cudadrv import nvvm

    debug, fast = bool(options.get("debug")), options.get("fastmath", False)
    settings: dict[str, Any] = {"fastmath": fast, "opt": 3 if options.get("opt", True) else 0}
    settings |= {"g": None} if debug else {}
    card = SimpleNamespace(compute_capability=cc)
    with (
        mock.patch("numba.cuda.dispatcher.get_current_device", lambda: card),
        mock.patch("numba.cuda.compiler.get_current_device", lambda: card),
    ):
        result = compile_cuda(
            function, types.void, args, debug=debug, fastmath=fast,
            lineinfo=bool(options.get("lineinfo")) and not debug,
            forceinline=options.get("forceinline", False), nvvm_options=settings, cc=cc,
            max_registers=options.get("max_registers"),
        )  # fmt: skip
    library = result.library
    entry = library.get_function(result.fndesc.llvm_func_name)
    library._entry_name = result.fndesc.llvm_func_name
    kernel_fixup(entry, debug)
    nvvm.set_launch_bounds(entry, options.get("launch_bounds"))
    library.needs_cudadevrt = library.use_cooperative
    return result, library


def _build(library: Any, cc: tuple[int, int], options: dict) -> dict[str, Any]:
    target = (*cc, "a" if cc >= EXACT else "")
    ptx = library.get_asm_str(cc=target)
    log, cubin = _link(library, ptx, target, options)
    return {"ptx": ptx, "log": log, "cubin": cubin, "entry": library._entry_name}


def _link(library: Any, ptx: str, target: tuple, options: dict) -> tuple[str, bytes]:
    """De PTX a código de máquina con nvJitLink, que además dice cuántos recursos usa."""
    from cuda.bindings import nvjitlink

    flags = [f"-arch=sm_{target[0]}{target[1]}{target[2]}", "-verbose"]
    most = options.get("max_registers")
    flags += [f"-maxrregcount={most}"] if most else []
    handle = nvjitlink.create(len(flags), flags)
    for kind, data in _pieces(library, ptx, nvjitlink.InputType):
        nvjitlink.add_data(handle, kind, data, len(data), "kernel")
    _complete(nvjitlink, handle)
    log = bytearray(nvjitlink.get_info_log_size(handle))
    nvjitlink.get_info_log(handle, log)
    cubin = bytearray(nvjitlink.get_linked_cubin_size(handle))
    nvjitlink.get_linked_cubin(handle, cubin)
    nvjitlink.destroy(handle)
    return log.decode("utf-8", "replace").rstrip("\0"), bytes(cubin)


def _complete(nvjitlink: Any, handle: Any) -> None:
    """Enlaza; si no se puede, el error lleva lo que dijo el enlazador, no solo su código.

    Raises:
        RuntimeError: con el registro de errores de nvJitLink.
    """
    try:
        nvjitlink.complete(handle)
    except Exception as error:
        log = bytearray(nvjitlink.get_error_log_size(handle))
        nvjitlink.get_error_log(handle, log)
        said = log.decode("utf-8", "replace").strip("\0\n ")
        raise RuntimeError(said or str(error)) from error


def _pieces(library: Any, ptx: str, kinds: Any) -> list[tuple[Any, bytes]]:
    pieces = [(kinds.PTX, ptx.encode())]
    if library.needs_cudadevrt:
        from numba.cuda.cudadrv.libs import get_cudalib

        with open(get_cudalib("cudadevrt", static=True), "rb") as file:
            pieces.append((kinds.LIBRARY, file.read()))
    return pieces


if __name__ == "__main__":
    sys.exit(main())
