"""How long the tests of each file take, for the next run.

``make seconds`` runs all tests and writes ``tests/seconds.json``.
"""
from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from lxml import etree


__all__ = ('SECONDS', 'seconds_of')

#: Seconds by file, as :func:`seconds_of` returns them.
SECONDS = Path(__file__).parents[1] / 'seconds.json'


def seconds_of(junit: Path) -> dict[str, float]:
    """Return the seconds that the tests of each file took.

    :param junit: report of a run, as ``--junitxml`` writes it
    """
    seconds: dict[str, float] = defaultdict(float)
    for case in etree.parse(junit).iter('testcase'):
        parts = case.get('classname', '').split('.')
        while parts and not parts[-1].startswith('test_'):
            parts.pop()
        seconds['/'.join(parts) + '.py'] += float(case.get('time', 0))
    return {file: round(seconds[file], 1) for file in sorted(seconds)}


if __name__ == '__main__':
    SECONDS.write_text(json.dumps(seconds_of(Path(sys.argv[1])), indent=1)
                       + '\n')
