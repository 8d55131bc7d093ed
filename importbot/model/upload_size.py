"""How large an upload may be, learnt from the wiki's own answers.

PHP's default is 2 MB; no API tells. An upload that is too large is
refused as a whole, so that trying costs nothing but the sending.
"""
from __future__ import annotations

from dataclasses import dataclass


__all__ = ('LEAST', 'WISH', 'UploadSize')

#: Bytes of an upload that is as large as it is worth: larger ones would
#: only take more memory here and more time in one request there.
WISH = 8_000_000

#: Bytes that every wiki takes; one that does not has another problem.
LEAST = 100_000


@dataclass
class UploadSize:

    """What is known of a wiki; learns.

    :param most: bytes above which it is certain to refuse, 0 if unknown
    :param guess: bytes that are likely to be taken, 0 if unknown
    :param proven: bytes of the largest upload that it took
    """

    most: int = 0
    guess: int = 0
    proven: int = 0

    @property
    def room(self) -> int:
        """Bytes of the next upload."""
        return min(WISH, self.guess or WISH)

    def refused(self, size: int, stated: int = 0) -> None:
        """Learn from an upload that was too large.

        :param size: its bytes
        :param stated: bytes that the wiki said it takes, 0 if it did not
        """
        if self.proven >= size:
            self.proven = 0  # the wiki takes less than it did
        if 0 < stated < size:
            self.most = self.guess = stated
        else:
            # Where the wiki does not say it, or says it for files only and
            # has less room for a request (post_max_size).
            self.most = size - 1
            self.guess = max(size // 2, self.proven, LEAST)

    def accepted(self, size: int) -> None:
        """Learn from an upload that arrived.

        :param size: its bytes
        """
        self.proven = max(self.proven, size)
