"""Names of authors that a file says, for a policy that names the file."""
from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.rules.authors import read_mapping


__all__ = ('with_authors_read', )


def with_authors_read(policy: Policy) -> Policy:
    """Return a policy that has the names and not the file.

    :param policy: of a script, which may name a file of authors
    :raises UsageError: it cannot be read, or says nothing
    """
    given: object = policy.authors
    if not isinstance(given, os.PathLike):
        return policy
    path = Path(given)
    try:
        text = path.read_text(encoding='utf-8')
    except (OSError, ValueError) as error:
        raise UsageError(Problem('authors-unreadable', name=str(path),
                                 cause=str(error))) from None
    names = read_mapping(text, str(path))
    if not names:
        raise UsageError(Problem('authors-nobody', name=str(path)))
    return replace(policy, authors=dict(sorted(names.items())))
