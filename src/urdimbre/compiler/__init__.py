"""Lo que se sabe de un kernel compilado sin tener una GPU: la ocupación teórica."""

from urdimbre.compiler.devices import DEVICES, Device
from urdimbre.compiler.occupancy import Occupancy, block_sizes, occupancy

__all__ = ["DEVICES", "Device", "Occupancy", "block_sizes", "occupancy"]
