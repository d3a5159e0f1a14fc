"""Lo que mira una ejecución: contadores, comprobaciones, traza y perfil."""

from urdimbre.observe.activity import Activity
from urdimbre.observe.advice import Advice, advise
from urdimbre.observe.counters import Counters
from urdimbre.observe.doubles import Doubles
from urdimbre.observe.findings import Finding
from urdimbre.observe.footprint import Footprint
from urdimbre.observe.initcheck import Initcheck
from urdimbre.observe.memcheck import Memcheck
from urdimbre.observe.negative import NegativeIndex
from urdimbre.observe.profile import Profile, profile, record, sanitize
from urdimbre.observe.racecheck import Racecheck
from urdimbre.observe.roofline import CARDS, Card, Roofline, roofline
from urdimbre.observe.synccheck import Synccheck
from urdimbre.observe.tally import METRICS, NOT_MODELLED, Metric, Tally
from urdimbre.observe.trace import Trace, TracedAccess

__all__ = [
    "CARDS",
    "METRICS",
    "NOT_MODELLED",
    "Activity",
    "Advice",
    "Card",
    "Counters",
    "Doubles",
    "Finding",
    "Footprint",
    "Initcheck",
    "Memcheck",
    "Metric",
    "NegativeIndex",
    "Profile",
    "Racecheck",
    "Roofline",
    "Synccheck",
    "Tally",
    "Trace",
    "TracedAccess",
    "advise",
    "profile",
    "record",
    "roofline",
    "sanitize",
]
