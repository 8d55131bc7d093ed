"""What can keep a sandbox from coming up, in one sentence each."""
from __future__ import annotations


__all__ = ('SandboxError', )


class SandboxError(Exception):

    """The sandbox cannot do it; the message names thing and remedy."""
