"""Un programa, escrito en Python."""

from __future__ import annotations

from typing import Any

import program as P


def text(program: P.Program) -> str:
    """El programa en Python, con sus importaciones."""
    parts = ["import math\nimport numpy as np\nfrom numba import cuda\n"]
    for device in program.devices:
        names = ", ".join(name for name, _ in device.params)
        parts.append(f"@cuda.jit(device=True)\ndef {device.name}({names}):\n"
                     + lines(device.body, 1))  # fmt: skip
    names = ", ".join([*program.arrays, *program.scalars, "out"])
    parts.append(f"@cuda.jit\ndef kernel({names}):\n" + lines(program.body, 1))
    return "\n\n".join(parts)


def lines(body: list[Any], depth: int) -> str:
    """El cuerpo con su sangría."""
    pad = "    " * depth
    text = "".join(_statement(s, pad, depth) for s in body)
    return text or f"{pad}pass\n"


def _statement(s: Any, pad: str, depth: int) -> str:
    return _WRITE[type(s)](s, pad, depth)


def _if(s: P.If, pad: str, depth: int) -> str:
    other = f"{pad}else:\n{lines(s.other, depth + 1)}" if s.other else ""
    return f"{pad}if {s.test}:\n{lines(s.then, depth + 1)}{other}"


def _for(s: P.For, pad: str, depth: int) -> str:
    bounds = ", ".join(map(str, s.bounds))
    other = f"{pad}else:\n{lines(s.otherwise, depth + 1)}" if s.otherwise else ""
    return f"{pad}for {s.name} in range({bounds}):\n{lines(s.body, depth + 1)}{other}"


def _while(s: P.While, pad: str, depth: int) -> str:
    inner = "    " * (depth + 1)
    return (
        f"{pad}{s.counter} = 0\n{pad}while {s.counter} < {s.limit} and {s.test}:\n"
        f"{inner}{s.counter} += 1\n{lines(s.body, depth + 1)}"
    )


def _collective(s: P.Collective, pad: str, depth: int) -> str:
    parts = [hex(s.mask)] * bool(s.mask) + [str(s.value)] + [str(s.lane)] * (s.lane is not None)
    return f"{pad}{s.name} = cuda.{s.function}({', '.join(parts)})\n"


def _product(s: P.Product, pad: str, depth: int) -> str:
    first, second = s.factors
    out = f"{pad}{s.name} = {first} * {second}\n"
    for name, symbol, other in s.uses:
        out += f"{pad}{name} = {s.name} {symbol} {other}\n"
    return out


_WRITE = {
    P.Product: _product,
    P.Assign: lambda s, p, d: f"{p}{s.name} {s.augmented}= {s.value}\n",
    P.Unpack: lambda s, p, d: f"{p}{', '.join(s.names)} = cuda.grid(2)\n",
    P.Store: lambda s, p, d: f"{p}{s.target} = {s.value}\n",
    P.If: _if,
    P.For: _for,
    P.While: _while,
    P.Word: lambda s, p, d: f"{p}{s.text}\n",
    P.Swap: lambda s, p, d: f"{p}{', '.join(s.names)} = {', '.join(reversed(s.names))}\n",
    P.View: lambda s, p, d: f"{p}{s.name} = {s.array}[{s.index}]\n",
    P.AtomicAdd: lambda s, p, d: f"{p}cuda.atomic.add({s.array}, {s.index}, {s.value})\n",
    P.Barrier: lambda s, p, d: f"{p}cuda.syncthreads()\n",
    P.Collective: _collective,
    P.ReturnValue: lambda s, p, d: f"{p}return {s.value}\n",
    P.Local: lambda s, p, d: (
        f"{p}{s.name} = cuda.{s.space}.array({0 if s.dynamic else s.shape}, np.{s.dtype.name})\n"
    ),
}
