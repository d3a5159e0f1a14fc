"""``benchmarks/`` no es un paquete instalado: sus módulos se importan desde su carpeta."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
