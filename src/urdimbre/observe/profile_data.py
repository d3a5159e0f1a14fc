"""El perfil como datos, para JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from urdimbre.observe.roofline import Roofline
from urdimbre.observe.tally import METRICS, NOT_MODELLED


def profile_data(profile: Any) -> dict[str, Any]:
    """Todo el perfil con tipos que JSON entiende.

    ``by_line`` son las líneas del archivo o la celda del kernel; ``elsewhere``, las demás, con la
    función en que están. ``roofline`` y ``occupancy`` son nulos si no se nombró una tarjeta.
    """
    launch, counters = profile.launch, profile.counters
    return {
        "kernel": launch.kernel,
        "grid": list(launch.grid),
        "block": list(launch.block),
        "total": profile.total.to_dict(),
        "by_line": {str(n): t.to_dict() for n, t in sorted(counters.by_line.items())},
        "elsewhere": [
            {"function": n.function, "line": int(n), "text": n.text} | t.to_dict()
            for n, t in sorted(counters.elsewhere.items())
        ],
        "compulsory_bytes": profile.compulsory_bytes,
        "moved_bytes": profile.moved_bytes,
        "intensity": profile.intensity,
        "moved_intensity": profile.moved_intensity,
        "roofline": _roofline(profile.roofline),
        "occupancy": _occupancy(profile),
        "metrics": {name: metric.ncu for name, metric in METRICS.items()},
        "findings": [f.to_dict() for f in profile.findings],
        "advice": [a.to_dict() for a in profile.advice],
        "not_modelled": list(NOT_MODELLED),
    }


def _roofline(point: Roofline | None) -> dict[str, Any] | None:
    if point is None:
        return None
    names = ("intensity", "requested_intensity", "ridge", "peak", "ceiling", "bound")
    return {name: getattr(point, name) for name in names} | {"card": asdict(point.card)}


def _occupancy(profile: Any) -> dict[str, Any] | None:
    found = profile.occupancy
    if found is None:
        return None
    return {
        "ratio": found.ratio,
        "blocks": found.blocks,
        "limits": found.limits,
        "registers": profile.registers,
        "registers_from": profile.compiled.source,
        "is_bound": profile.registers is None,
    }
