"""Los programas generados, con el compilador real: todos compilan, y con los tipos previstos."""

from __future__ import annotations

import importlib.util
import linecache
import re
import warnings
from types import SimpleNamespace
from typing import Any
from unittest import mock

import generate
import numpy as np
import program as P
import pytest
import write

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is None, reason="numba-cuda no está instalado"
)
CAPABILITY = (8, 0)


@pytest.mark.parametrize("seed", range(25))
def test_variables_have_the_types_the_evaluator_uses(seed):
    program = generate.generate(seed)
    inferred = _inferred(program)
    for name, dtypes in _assigned(program.body, {}).items():
        if name.startswith("v") and name in inferred:
            assert dtypes <= inferred[name] or inferred[name] <= dtypes, name


def _inferred(program: P.Program) -> dict[str, set[str]]:
    """Variable -> tipos de sus versiones, según el compilador real."""
    from numba import types as nb

    found: dict[str, set[str]] = {}
    for name, t in _compiled(program).type_annotation.typemap.items():
        match = re.fullmatch(r"(v\d+)(\.\d+)?", name)
        if match:
            found.setdefault(match[1], set()).add(str(nb.unliteral(t)))
    return found


def _compiled(program: P.Program) -> Any:
    from numba import types as nb
    from numba.cuda.compiler import compile_cuda

    card = SimpleNamespace(compute_capability=CAPABILITY)
    ask = mock.patch("numba.cuda.dispatcher.get_current_device", lambda: card)
    with warnings.catch_warnings(), ask:
        warnings.simplefilter("ignore")
        return compile_cuda(_function(program), nb.void, _types(program), cc=CAPABILITY)


def _function(program: P.Program) -> Any:
    """El kernel, con su texto a la vista del compilador."""
    text, names = write.text(program), {}
    linecache.cache["<generado>"] = (len(text), None, text.splitlines(True), "<generado>")
    exec(compile(text, "<generado>", "exec"), names)
    return names["kernel"].py_func


def _types(program: P.Program) -> tuple[Any, ...]:
    from numba import types as nb
    from numba.np.numpy_support import from_dtype

    arrays = [nb.Array(from_dtype(a.dtype), a.ndim, "C") for a in program.arrays.values()]
    scalars = [from_dtype(np.asarray(v).dtype) for v in program.scalars.values()]
    out = nb.Array(from_dtype(program.out.dtype), program.out.ndim, "C")
    return (*arrays, *scalars, out)


def _assigned(body: list[Any], found: dict[str, set[str]]) -> dict[str, set[str]]:
    for statement in body:
        if isinstance(statement, P.Assign):
            found.setdefault(statement.name, set()).add(statement.dtype.name)
        for part in ("then", "other", "body", "otherwise"):
            _assigned(getattr(statement, part, []), found)
    return found
