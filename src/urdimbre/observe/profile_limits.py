"""Lo que un perfil dice de los límites: tráfico, intensidad, techo y ocupación."""

from __future__ import annotations

from typing import Any

from urdimbre.observe.profile_rows import number


def traffic_rows(profile: Any) -> list[tuple[str, str, str]]:
    """``(etiqueta, valor, qué es)``: bytes obligados y movidos, y la intensidad con cada uno."""
    if not profile.moved_bytes:
        return []
    rows = [
        ("bytes obligados", str(profile.compulsory_bytes), "cada sector de 32 B viaja una vez"),
        ("bytes movidos", str(profile.moved_bytes), "de leer y escribir, si nada queda en caché"),
    ]
    if not profile.total.flop:
        return rows
    return rows + [
        ("FLOP por byte obligado", real(profile.intensity), "intensidad aritmética, la mayor"),
        ("FLOP por byte movido", real(profile.moved_intensity), "intensidad aritmética sin caché"),
    ]


def card_notes(profile: Any) -> list[str]:
    """Techo y ocupación en la tarjeta, en frases; vacía si no se nombró ninguna."""
    if profile.card is None:
        return []
    found = profile.occupancy
    percent = number(100 * found.ratio)
    blocks = "1 bloque" if found.blocks == 1 else f"{found.blocks} bloques"
    fits = (
        f"Ocupación teórica en una {profile.card.name}: {percent} %. En un multiprocesador caben "
        f"{blocks} a la vez, {found.warps} de {found.device.warps} warps."
    )
    notes = [f"{fits} {profile.compiled.note}"]
    return [str(profile.roofline), *notes] if profile.moved_bytes else notes


def real(value: float) -> str:
    """Tres cifras significativas, con coma."""
    return f"{value:.3g}".replace(".", ",")
