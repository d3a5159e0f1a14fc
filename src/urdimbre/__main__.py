"""``python -m urdimbre``: lo mismo que la orden ``urdimbre``."""

import sys

from urdimbre.cli import main

sys.exit(main())
