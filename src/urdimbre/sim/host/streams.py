"""Streams y eventos: aquí todo ocurre en orden y el tiempo de una GPU no existe."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HANDLES = itertools.count(16)  # 1 y 2 nombran los dos streams por omisión


class Stream:
    """Un stream. Aquí todo ocurre en orden: nada queda pendiente.

    Attributes:
        handle: el número que lo nombra en la CUDA Array Interface.
        external: si el número lo dio otro programa.
    """

    def __init__(self, handle: int | None = None):
        self.external = handle is not None
        self.handle = next(HANDLES) if handle is None else handle

    def synchronize(self) -> None:
        """Nada que esperar."""

    def __bool__(self) -> bool:
        return True

    def add_callback(self, callback: Any, arg: Any = None) -> None:
        """Llama a ``callback(stream, 0, arg)``: no hay nada antes que esperar."""
        callback(self, 0, arg)

    def async_done(self) -> Any:
        """Un futuro de asyncio que ya se cumplió: su resultado es este stream."""
        import asyncio  # en WebAssembly puede no estar

        done = asyncio.get_running_loop().create_future()
        done.set_result(self)
        return done

    @contextmanager
    def auto_synchronize(self) -> Iterator[Stream]:
        yield self


class Event:
    """Un evento. Se registra en orden; el tiempo de una GPU aquí no existe."""

    def record(self, stream: Any = 0) -> None:
        """Nada que registrar."""

    def synchronize(self) -> None:
        """Nada que esperar."""

    def wait(self, stream: Any = 0) -> None:
        """Nada que esperar."""

    def query(self) -> bool:
        return True

    def elapsed_time(self, other: Event) -> float:
        """``nan``: el simulador no mide el tiempo de una GPU y no lo inventa."""
        warnings.warn(
            "El simulador no mide el tiempo de una GPU: elapsed_time da nan. Compara contadores "
            "con urdimbre.profile.",
            UserWarning,
            stacklevel=2,
        )
        return math.nan


def stream() -> Stream:
    return Stream()


def default_stream() -> Stream:
    return Stream()


def event(timing: bool = True) -> Event:
    return Event()


def event_elapsed_time(start: Event, end: Event) -> float:
    return start.elapsed_time(end)
