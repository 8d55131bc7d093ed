"""What releases of MediaWiki do that nothing else of a wiki tells."""
from __future__ import annotations

import re


__all__ = ('records_address', )

#: First releases that no longer write the address of who imports down with
#: revisions of authors of other wikis, by branch (CVE-2025-67476).
_MENDED = {39: 16, 43: 6, 44: 3, 45: 1}
_VERSION = re.compile(r'1\.(\d+)\.(\d+)')


def records_address(version: str) -> bool:
    """Return whether an import writes down the address of who imports.

    Branches that had no more releases by then are not mended.

    :param version: as a wiki says it, ``1.43.9`` or ``1.46.0-wmf.3``; one
        that nobody can read is taken for mended
    """
    read = _VERSION.match(version)
    if read is None:
        return False
    branch, number = int(read[1]), int(read[2])
    return branch <= max(_MENDED) and number < _MENDED.get(branch, 10 ** 9)
