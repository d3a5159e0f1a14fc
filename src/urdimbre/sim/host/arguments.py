"""Los argumentos de un lanzamiento: del anfitrión al kernel y de vuelta."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.frontend.members import is_member, member_code, member_type, named
from urdimbre.sim.memory.device_array import (
    DeviceArray,
    allocate,
    check_dtype,
    reference,
    to_device,
)
from urdimbre.sim.memory.references import RecordRef
from urdimbre.sim.typed import types as T

MAX_U64 = (1 << 64) - 1


@dataclasses.dataclass(frozen=True, eq=False)
class Bound:
    """Un argumento listo: su tipo, su valor en el kernel y a dónde se copia al terminar."""

    type: Any
    value: Any
    host: np.ndarray | None = None
    device: DeviceArray | None = None
    parts: tuple[Bound, ...] = ()

    @property
    def arrays(self) -> tuple[Any, ...]:
        """Los arreglos que lleva, también dentro de una tupla."""
        if isinstance(self.type, T.Array):
            return (self.value.info,)
        return tuple(info for part in self.parts for info in part.arrays)

    def copy_back(self) -> None:
        for part in self.parts:
            part.copy_back()
        if isinstance(self.host, np.void):  # un registro suelto es una vista de su arreglo
            for name in self.host.dtype.names:
                self.host[name] = self.device.data[name]
        elif self.host is not None and self.host.flags.writeable:
            self.host[...] = self.device.data


@dataclasses.dataclass(frozen=True, eq=False)
class InOut:
    """``cuda.InOut(a)``: se copia al dispositivo y de vuelta, como sin decir nada."""

    array: np.ndarray
    reads, writes = True, True


class In(InOut):
    """``cuda.In(a)``: se copia al dispositivo y no vuelve."""

    writes = False


class Out(InOut):
    """``cuda.Out(a)``: solo vuelve; en el kernel empieza sin inicializar."""

    reads = False


def _bind_hinted(name: str, hint: InOut) -> Bound:
    host = np.asarray(hint.array)
    device = to_device(host) if hint.reads else allocate(host.shape, host.dtype)
    bound = _bind_array(name, device)
    return dataclasses.replace(bound, host=host, device=device) if hint.writes else bound


def _bind_record(name: str, value: np.void) -> Bound:
    """Un registro suelto, como ``a[0]``: se copia ida y vuelta, como Numba."""
    device = to_device(np.array(value, value.dtype))
    place = RecordRef(reference(device, name), ())
    return Bound(T.Record(check_dtype(value.dtype)), place, value, device)


def bind(name: str, value: Any) -> Bound:
    """Un argumento del anfitrión visto por el kernel; un arreglo de NumPy se copia ida y vuelta.

    Raises:
        ArgumentError: si ese tipo no se puede pasar a un kernel.
    """
    if isinstance(value, DeviceArray):
        return _bind_array(name, value)
    if isinstance(value, np.ndarray):
        check_dtype(value.dtype)
        device = to_device(value)
        kind = T.Array(value.dtype, value.ndim, not value.flags.writeable)
        return Bound(kind, reference(device, name), value, device)
    if isinstance(value, np.void) and T.is_record(value.dtype):
        return _bind_record(name, value)
    if value is None:
        return Bound(T.NONE, None)
    if isinstance(value, InOut):
        return _bind_hinted(name, value)
    if isinstance(value, tuple):
        items = tuple(bind(f"{name}[{k}]", v) for k, v in enumerate(value))
        kind = named(T.Tuple(tuple(b.type for b in items)), value)
        return Bound(kind, tuple(b.value for b in items), parts=items)
    if is_member(value) and (kind := member_type(value)):
        return Bound(kind, member_code(value, kind))
    return _bind_scalar(name, value)


def _bind_array(name: str, array: DeviceArray) -> Bound:
    kind = T.Array(array.dtype, array.ndim, not array.flags.writeable)
    return Bound(kind, reference(array, name))


def _bind_scalar(name: str, value: Any) -> Bound:
    if isinstance(value, np.generic) and value.dtype.name in T.SCALARS:
        return Bound(value.dtype, value)
    kinds = ((bool, T.BOOL), (int, T.I64), (float, T.F64), (complex, T.C128))
    dtype = next((t for k, t in kinds if isinstance(value, k)), None)
    if dtype is None:
        raise ArgumentError(
            f"El argumento «{name}» es de tipo {type(value).__name__} y un kernel solo recibe "
            "números, tuplas de números y arreglos. Si es una lista, usa np.array(lista)."
        )
    if dtype is T.I64 and not -(1 << 63) <= value < 1 << 63:
        dtype = T.U64
    try:
        return Bound(dtype, dtype.type(value))
    except OverflowError:
        raise ArgumentError(f"El argumento «{name}» = {value} no cabe en 64 bits.") from None


def signed(kernel: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Con firma explícita, los números se convierten al tipo que pide.

    Raises:
        ArgumentError: si ninguna firma sirve, o si varias sirven igual de bien.
    """
    wanted = kernel.signatures[:1]
    if len(kernel.signatures) > 1:
        wanted = _best(kernel.signatures, args)
    if not kernel.signatures:
        return args
    if len(wanted) != 1:
        why = "varias firmas sirven igual: da el tipo exacto" if wanted else "ninguna firma sirve"
        raise ArgumentError(f"Para estos argumentos de «{kernel.name}», {why}.")
    (wanted,) = wanted
    if len(wanted) != len(args):
        raise ArgumentError(f"La firma de «{kernel.name}» tiene {len(wanted)} argumentos.")
    return tuple(_convert_argument(kernel, k, t, a) for k, (t, a) in enumerate(zip(wanted, args)))


def _best(signatures: tuple[Any, ...], args: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Las firmas que piden menos conversiones: primero cuentan las que pierden valores."""
    given = [_type(a) for a in args]
    costs = [(_cost(s, given), s) for s in signatures]
    known = [(cost, s) for cost, s in costs if cost is not None]
    return [s for cost, s in known if cost == min(known, key=lambda pair: pair[0])[0]]


def _cost(wanted: tuple[Any, ...], given: list[Any]) -> tuple[int, ...] | None:
    """Cuántos argumentos se convierten con pérdida, de clase y de tamaño; ``None`` si no sirve."""
    if len(wanted) != len(given):
        return None
    steps = [_step(*pair) for pair in zip(wanted, given, strict=True)]
    return None if None in steps else tuple(steps.count(k) for k in (3, 2, 1))


def _type(value: Any) -> Any:
    if isinstance(value, DeviceArray | np.ndarray):
        return T.Array(value.dtype, value.ndim)
    return bind("", value).type


def _step(wanted: Any, given: Any) -> int | None:
    if not (T.is_scalar(wanted) and T.is_scalar(given)):
        alike = isinstance(wanted, T.Array) and isinstance(given, T.Array)
        return 0 if alike and (wanted.dtype, wanted.ndim) == (given.dtype, given.ndim) else None
    if wanted == given:
        return 0
    if given.kind == "c" and wanted.kind != "c":
        return None
    if wanted.kind == given.kind and wanted.itemsize > given.itemsize:
        return 1
    return 2 if np.can_cast(given, wanted, "safe") else 3


def _convert_argument(kernel: Any, k: int, wanted: Any, value: Any) -> Any:
    if isinstance(wanted, T.Array):
        given = (getattr(value, "dtype", None), getattr(value, "ndim", None))
        if given != (wanted.dtype, wanted.ndim):
            raise ArgumentError(f"El argumento {k + 1} de «{kernel.name}» debe ser un {wanted}.")
        return value
    if isinstance(wanted, np.dtype) and wanted.kind in "iu" and isinstance(value, int):
        return np.uint64(value & MAX_U64).astype(wanted)
    return wanted.type(value) if isinstance(wanted, np.dtype) else value
