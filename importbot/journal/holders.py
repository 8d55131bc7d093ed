"""Who holds a lease, and when it is surely dead.

Containers share names of hosts, and each counts its processes from 1. That
a process has ended can be told only from within the place that it ran in:
the same boot of the same kernel, the same namespace of processes. Where
that cannot be known, a lease ends by its heartbeats alone.
"""
from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path


__all__ = ('is_dead', 'is_here', 'shown', 'this_process')

_BOOT = Path('/proc/sys/kernel/random/boot_id')
_NAMESPACE = Path('/proc/self/ns/pid')
#: Of ``/proc/PID/stat``, after the name in brackets: the time of start.
_START = 19


def this_process() -> str:
    """Return what names this process among all that there are."""
    process = os.getpid()
    name, place = f'{socket.gethostname()}:{process}', _place()
    return f'{name} {place}.{_start_of(process)}' if place else name


def shown(holder: str) -> str:
    """Return a holder for people: host and number of the process.

    :param holder: see :func:`this_process`
    """
    return holder.partition(' ')[0]


def is_here(holder: str) -> bool:
    """Return whether a process surely runs, or ran, in the place of ours.

    It has the kernel, and with it the clock, of this process.

    :param holder: see :func:`this_process`
    """
    name, _space, place_and_start = holder.partition(' ')
    place, _dot, _start = place_and_start.partition('.')
    return (bool(place) and place == _place()
            and name.rpartition(':')[0] == socket.gethostname())


def is_dead(holder: str) -> bool:
    """Return whether a process has surely ended.

    :param holder: see :func:`this_process`
    """
    name, _space, place_and_start = holder.partition(' ')
    _place_of, _dot, start = place_and_start.partition('.')
    number = name.rpartition(':')[2]
    if not is_here(holder) or not number.isdecimal():
        return False
    process = int(number)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    # The number may be that of another process by now.
    now = _start_of(process)
    return bool(start and now and start != now)


def _place() -> str:
    """Return where numbers of processes mean what they mean here.

    :return: empty where nobody can tell
    """
    try:
        boot = _BOOT.read_text(encoding='ascii').strip()
        namespace = str(_NAMESPACE.readlink())
    except (OSError, ValueError):
        return ''
    if not boot or not namespace:
        return ''
    return hashlib.sha256(f'{boot} {namespace}'.encode()).hexdigest()[:16]


def _start_of(process: int) -> str:
    """Return when a process was started, in ticks; empty if unknown."""
    try:
        if _stat('self').split()[0] != str(os.getpid()):
            # A /proc of somewhere else, with other numbers.
            return ''
        return _stat(str(process)).rpartition(')')[2].split()[_START]
    except (OSError, IndexError):
        return ''


def _stat(process: str) -> str:
    return Path(f'/proc/{process}/stat').read_text(errors='replace')
