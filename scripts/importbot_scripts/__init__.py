"""The scripts of importbot, where ``pwb`` finds them."""
from __future__ import annotations

from pathlib import Path


base_dir = Path(__file__).parent
