"""What is learnt of the size of uploads."""
from __future__ import annotations

import pytest

from importbot.model.upload_size import LEAST, UploadSize


@pytest.mark.parametrize('stated', [0, 500_000])
@pytest.mark.parametrize('size', [LEAST + 1, 700_000, 900_000])
def test_what_is_refused_is_not_sent_again(size: int, stated: int) -> None:
    # The wiki took more once.
    known = UploadSize()
    known.accepted(900_000)
    known.refused(size, stated)
    assert known.room < size


def test_what_was_taken_is_taken_again() -> None:
    known = UploadSize()
    known.accepted(600_000)
    known.refused(900_000)
    assert known.room == 600_000
