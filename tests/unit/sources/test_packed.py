"""Histories of dumps come out of the memory as they went in."""
from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from importbot.model.revisions import Revision
from importbot.sources.packed import Packer


#: What XML can carry.
TEXTS = st.text(st.characters(codec='utf-8', exclude_characters='\0'),
                max_size=5)
REVISIONS = st.builds(
    Revision, st.integers(0, 2 ** 40), st.integers(0, 2 ** 40),
    st.datetimes(datetime(2001, 1, 1)).map(
        lambda time: time.strftime('%Y-%m-%dT%H:%M:%SZ')),
    st.sampled_from(['', 'a' * 40]), TEXTS, st.booleans(),
    st.integers(0, 2 ** 31), st.sampled_from([(('main', 'css'), ), ()]),
    st.none() | TEXTS, st.booleans())


@given(st.lists(REVISIONS, min_size=1), st.lists(REVISIONS))
def test_every_field_is_kept(one: list[Revision],
                             other: list[Revision]) -> None:
    packer = Packer('dump.xml')
    for revisions in (one, other):
        rows = b''.join(packer.row(revision) for revision in revisions)
        packed = packer.history(rows)
        for given_, came in zip(reversed(revisions), packed, strict=True):
            for field in fields(Revision):
                assert getattr(came, field.name) == getattr(
                    given_, field.name), field.name
