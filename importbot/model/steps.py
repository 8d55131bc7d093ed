"""What a decision does on the target, step by step.

Each kind of step is a class with what it needs and nothing else.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from importbot.model.decisions import TextAfter
from importbot.model.revisions import Revision


__all__ = ('INTERWIKI', 'CleanUpStep', 'EditStep', 'FollowUp', 'ImportStep',
           'MoveStep', 'Step', 'UPLOAD')


#: Routes of an import.
INTERWIKI: Final = 'interwiki'
UPLOAD: Final = 'upload'


@dataclass(frozen=True, slots=True)
class ImportStep:

    """Revisions of the source are brought over.

    :param via: route, ``interwiki`` or ``upload``
    :param because: why it is an upload
    :param history: ``full`` or ``current``
    :param namespace: namespace parameter of an interwiki import
    :param rootpage: root page parameter of an interwiki import
    :param replaces: id of the target's newest revision, None for no page
    """

    action: ClassVar[str] = 'import'

    via: str
    because: str = ''
    history: str = ''
    namespace: int | None = None
    rootpage: str = ''
    replaces: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether it brings the whole history."""
        return self.history == 'full'

    def sent_of(self, history: Sequence[Revision]) -> Sequence[Revision]:
        """Return the revisions that it brings.

        :param history: of the source page, newest first
        """
        return history if self.is_full else history[:1]


@dataclass(frozen=True, slots=True)
class EditStep:

    """A text is made current again.

    :param text: whose
    """

    action: ClassVar[str] = 'edit'

    text: TextAfter


@dataclass(frozen=True, slots=True)
class MoveStep:

    """The page is moved to its title.

    :param landing: the title that the import gave it
    :param redirect: whether a redirect stays there
    """

    action: ClassVar[str] = 'move'

    landing: str
    redirect: bool = False

    def is_done(self, there: Revision | None) -> bool:
        """Return whether nothing is left to move.

        A redirect that a move leaves has one revision; what an import
        leaves has that of the import on top.

        :param there: newest revision of the page where it landed, None for
            no page
        """
        return there is None or self.redirect and not there.parent


@dataclass(frozen=True, slots=True)
class CleanUpStep:

    """The source's text is cleaned up.

    :param names: of the clean-ups, as ``-post`` names them
    """

    action: ClassVar[str] = 'edit'

    names: tuple[str, ...]


#: What is done after the imports of a page.
FollowUp = EditStep | MoveStep | CleanUpStep

Step = ImportStep | FollowUp
