"""How large an upload may be, learnt from the wiki's own answers.

PHP's default is 2 MB; no API tells. An upload that is too large is
refused as a whole, so that trying costs nothing but the sending.
"""
from __future__ import annotations

from dataclasses import dataclass


__all__ = ('WISH', 'UploadSize')

#: Bytes of an upload that is as large as it is worth: larger ones would
#: only take more memory here and more time in one request there.
WISH = 8_000_000

_LEAST = 100_000


@dataclass
class UploadSize:

    """What is known of a wiki; learns.

    :param most: bytes that it said it takes at most, 0 if it never did
    :param proven: bytes of the largest upload that it took
    """

    most: int = 0
    proven: int = 0

    @property
    def room(self) -> int:
        """Bytes of the next upload."""
        return min(WISH, self.most) if self.most else WISH

    @property
    def is_least(self) -> bool:
        """Whether less than this is not worth a try."""
        return self.room <= _LEAST

    def refused(self, size: int, stated: int = 0) -> None:
        """Learn from an upload that was too large.

        :param size: its bytes
        :param stated: bytes that the wiki said it takes, 0 if it did not
        """
        # post_max_size may be less than what is stated for a file.
        self.most = max(stated if 0 < stated < size else size // 2, _LEAST)

    def accepted(self, size: int) -> None:
        """Learn from an upload that arrived.

        :param size: its bytes
        """
        self.proven = max(self.proven, size)
