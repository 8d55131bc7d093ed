"""Histories of two wikis, for every relation that they can have."""
from __future__ import annotations


__all__ = ('A', 'B', 'C', 'CASES', 'EARLY', 'LATE', 'LATE_B', 'LATE_C',
           'LOCAL')

A = ('2020-01-01T00:00:00Z', 'first text')
B = ('2020-02-01T00:00:00Z', 'second text')
C = ('2020-03-01T00:00:00Z', 'third text')
EARLY = ('2019-01-01T00:00:00Z', 'a text of the target')
LOCAL = ('2020-02-15T00:00:00Z', 'a local edit')
LATE = ('2021-01-01T00:00:00Z', 'a late local edit')
#: An older text of the source, brought over by hand and therefore newer in
#: time than all that the source has.
LATE_B = ('2021-01-01T00:00:00Z', 'second text')
LATE_C = ('2021-01-01T00:00:00Z', 'third text')

#: Histories of source and target, oldest first.
CASES: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    'missing': ([A, B, C], []),
    'identical': ([A, B, C], [A, B, C]),
    'identical copy': ([A, B, C], [LATE_C]),
    'ahead': ([A, B, C], [A, B, C, LATE]),
    'behind': ([A, B, C], [A, B]),
    'behind late': ([A, B, C], [LATE_B]),
    'diverged': ([A, B, C], [A, LOCAL]),
    'diverged late': ([A, B, C], [A, LATE]),
    'unrelated': ([A, B, C], [EARLY]),
    'unrelated late': ([A, B, C], [LATE]),
}
