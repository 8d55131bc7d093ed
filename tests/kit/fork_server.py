"""A process that has pywikibot and importbot imported, and forks for commands.

``tests.kit.commands`` starts it, one for each process of pytest. A child is
to behave as a process that ``pwb`` was just started in, so that all a start
takes from its surroundings is taken again after the fork: arguments,
environment, folder, streams, signals, and what pywikibot reads when it is
imported. Where that fails the child starts the real ``pwb`` in its place.

What differs: the list of modules in the header of pywikibot's log; objects
that a module of the server holds are not finalized at the end; sets of words
have the same order in all forks of a server.

A request comes on the control socket as four file descriptors: the three
streams, and a socket which the request is read from and which process number
and wait status are told to. The server ends when the control socket does,
and its children with it.
"""
from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import io
import json
import os
import pkgutil
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple


#: How process number and wait status are told.
NUMBER = struct.Struct('=i')
#: What the import system puts into a module, before its code is run.
_OF_IMPORT = ('__builtins__', '__cached__', '__doc__', '__file__',
              '__loader__', '__name__', '__package__', '__path__', '__spec__')


class _Child(NamedTuple):

    pid: int
    ended: int
    told: socket.socket


class Request(NamedTuple):

    """What a command is started with."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    umask: int
    new_session: bool
    group: int | None


def preload(scripts: Path) -> None:
    """Import what the scripts import, in the order that they do it.

    :param scripts: folder of the scripts
    """
    # pywikibot looks for a folder of its own, and would make it in the home
    sys.argv = ['pwb', f'-dir:{scripts}']
    importlib.import_module('pywikibot')
    for found in pkgutil.iter_modules([str(scripts)]):
        if not found.ispkg:
            name = f'importbot_scripts.{found.name}'
            importlib.import_module(name)
            # pwb runs the file itself
            del sys.modules[name]
            delattr(sys.modules['importbot_scripts'], found.name)
    # a journal needs the one, a table the other
    for name in ('sqlalchemy.dialects.sqlite', 'rich._emoji_codes', 'netrc'):
        importlib.import_module(name)
    _look_up_files()


def _look_up_files() -> None:
    """Look up once where modules are, for the header of pywikibot's log."""
    from pywikibot import version

    version.get_module_filename = functools.cache(
        version.get_module_filename)
    for module in [*sys.modules.values()]:
        version.get_module_filename(module)


@contextlib.contextmanager
def keep_imported() -> Iterator[None]:
    """Let modules be taken apart only when they are the command's own.

    The interpreter takes all apart when it ends, which writes to each page
    of the memory that the server shares: half of what a command costs.
    """
    at_the_start = set(sys.modules)
    kept: list[Any] = []
    kept.append(kept)  # so that nothing frees it
    imported: list[str] = []

    def keep() -> None:
        kept.append([sys.modules.pop(name, None) for name in imported])

    # the first that is registered runs last
    atexit.register(keep)
    yield
    imported += sys.modules.keys() - at_the_start


def serve(control: socket.socket) -> Request:
    """Fork for each request; return in the children.

    :param control: where requests come from
    """
    children: dict[int, _Child] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            for key, _events in selector.select():
                if key.fileobj is not control:
                    child = children.pop(key.fd)
                    selector.unregister(key.fd)
                    os.close(child.ended)
                    _tell(child.told, os.waitpid(child.pid, 0)[1])
                    child.told.close()
                    continue
                _byte, streams, _flags, _address = socket.recv_fds(
                    control, 1, 4)
                if not streams:
                    for child in children.values():
                        os.kill(child.pid, signal.SIGKILL)
                    os._exit(0)
                told = socket.socket(fileno=streams.pop())
                request = Request(*json.load(told.makefile('rb')))
                pid = os.fork()
                if not pid:
                    control.close()
                    told.close()
                    for child in children.values():
                        os.close(child.ended)
                        child.told.close()
                    _take_streams(streams)
                    return request
                for stream in streams:
                    os.close(stream)
                _tell(told, pid)
                child = _Child(pid, os.pidfd_open(pid), told)
                children[child.ended] = child
                selector.register(child.ended, selectors.EVENT_READ)


def _tell(told: socket.socket, number: int) -> None:
    # nobody may wait any more
    with contextlib.suppress(OSError):
        told.sendall(NUMBER.pack(number))


def _take_streams(streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for number, name in enumerate(('stdin', 'stdout', 'stderr')):
        stream_ = _stream(number, f'<{name}>', getattr(sys, name))
        setattr(sys, name, stream_)
        setattr(sys, f'__{name}__', stream_)


def _stream(number: int, name: str, like: Any) -> io.TextIOWrapper:
    """Return what the interpreter makes of a stream when it starts."""
    mode = 'w' if number else 'r'
    unbuffered = like.write_through  # PYTHONUNBUFFERED
    buffer: Any = open(  # noqa: SIM115
        number, f'{mode}b', closefd=False,
        buffering=0 if unbuffered and number else -1)
    raw = getattr(buffer, 'raw', buffer)
    raw.name = name
    stream = io.TextIOWrapper(
        buffer, like.encoding, like.errors, '\n',
        not unbuffered and (raw.isatty() or number == 2), unbuffered)
    stream.mode = mode  # type: ignore[misc]
    return stream


def become(pwb: str, request: Request) -> None:
    """Take from the surroundings what a process takes when it starts.

    :param pwb: the program
    """
    os.chdir(request.folder)
    if request.umask >= 0:
        os.umask(request.umask)
    if request.new_session:
        os.setsid()
    if request.group is not None:
        os.setpgid(0, request.group)
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    Path('/proc/self/comm').write_text('pwb')
    sys.argv = [pwb, *request.arguments]
    sys.orig_argv[:] = [sys.executable, *sys.argv]
    importlib.invalidate_caches()


def configure() -> None:
    """Let pywikibot read what it reads when it is imported."""
    import pywikibot
    from pywikibot import bot, config, logging
    from pywikibot.userinterfaces import (
        terminal_interface_base,
        transliteration,
    )

    waiting = logging._init_routines[:]
    logging._init_routines.clear()
    _run_again(config, pywikibot, 'from pywikibot import config as _config')
    logging._init_routines[:] = waiting
    if config.userinterface != 'terminal':
        raise RuntimeError('pywikibot has another user interface')
    terminal_interface_base.transliterator = (
        transliteration.Transliterator(
            config.console_encoding or ''))
    assert bot.ui
    # others hold the same object
    type(bot.ui).__init__(bot.ui)
    pywikibot.argvu = bot.ui.argvu()
    pywikibot.page_put_queue.maxsize = config.max_queue_size
    # no thread that was made before a fork can be started after it
    made = pywikibot._putthread
    pywikibot._putthread = threading.Thread(
        target=pywikibot.async_manager, name=made.name, daemon=made.daemon)


def _run_again(module: types.ModuleType, importer: types.ModuleType,
               statement: str) -> None:
    """Run the code of a module, as if it was imported just now.

    :param importer: which module imports it first
    :param statement: and how; warnings name that line
    """
    spec = module.__spec__
    assert spec and spec.loader and importer.__file__
    code = spec.loader.get_code(spec.name)  # type: ignore[attr-defined]
    lines = Path(importer.__file__).read_text().splitlines()
    call = compile('\n' * lines.index(statement) + 'exec(code, names)',
                   importer.__file__, 'exec')
    names = vars(module)
    for name in names.keys() - set(_OF_IMPORT):
        del names[name]
    scope = vars(importer)
    scope['code'], scope['names'] = code, names
    try:
        exec(call, scope)
    finally:
        del scope['code'], scope['names']


def start_really(pwb: str, request: Request) -> None:
    """Start the program in the place of this process."""
    for name in ('SIGPIPE', 'SIGXFSZ'):  # which Python ignores
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    os.execve(pwb, [pwb, *request.arguments], request.environment)


def run(pwb: str) -> None:
    """Run the program as the main module, with the traces that it has."""
    main = types.ModuleType('__main__')
    vars(main).update(__file__=pwb, __builtins__=__builtins__,
                      __cached__=None)
    code = compile(Path(pwb).read_bytes(), pwb, 'exec')
    sys.modules['__main__'] = main
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        exec(code, vars(main))
    except SystemExit:
        raise
    except BaseException:
        sys.excepthook = _without_server(sys.excepthook)
        raise


def _without_server(hook: Callable[..., Any]) -> Callable[..., Any]:
    def shown(kind: type[BaseException], value: BaseException,
              trace: types.TracebackType | None) -> None:
        while trace and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        sys.excepthook = hook
        sys.last_traceback = value.__traceback__ = trace
        hook(kind, value, trace)

    return shown


if __name__ == '__main__':
    _pwb, _number = sys.argv[1:]
    sys.path[0] = str(Path(_pwb).parent)
    # the interpreter's own handler stays, for the children
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    with keep_imported():
        preload(Path(importlib.import_module(
            'importbot_scripts').__file__ or '').parent)
    gc.collect()
    gc.freeze()
    # whose names would go with it
    _myself = sys.modules['__main__']
    _request = serve(socket.socket(fileno=int(_number)))
    try:
        become(_pwb, _request)
        configure()
    except Exception:
        start_really(_pwb, _request)
    run(_pwb)
