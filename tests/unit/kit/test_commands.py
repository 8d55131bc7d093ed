"""A forked ``pwb`` does what one does that was started."""
from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kit import commands, fork_server
from tests.kit.commands import PWB, Popen, run_command


pytestmark = pytest.mark.programs


Start = Callable[..., 'subprocess.Popen[bytes]']

#: What a process finds around it when it has been started.
LOOK = r"""
import gc, json, locale, os, resource, signal, sys, tempfile, threading
import time, warnings
import pywikibot
from pywikibot import config

def stream(one):
    return [repr(one), one.name, one.encoding, one.errors, one.mode,
            one.line_buffering, one.write_through, one.isatty(),
            one.fileno(), type(one.buffer).__name__, one.newlines]

mask = os.umask(0)
os.umask(mask)
seen = {
    'argv': sys.argv, 'orig_argv': sys.orig_argv, 'path': sys.path,
    'argvu': pywikibot.argvu, 'environ': dict(os.environ),
    'folder': os.getcwd(), 'umask': mask,
    'open': sorted(os.listdir('/proc/self/fd'), key=int)[:-1],
    'handlers': {str(number): str(signal.getsignal(number))
                 for number in signal.valid_signals()},
    'blocked': [str(one) for one in signal.pthread_sigmask(
        signal.SIG_BLOCK, [])],
    'wakeup': signal.set_wakeup_fd(-1),
    'streams': [stream(sys.stdin), stream(sys.stdout), stream(sys.stderr)],
    'same': [sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__,
             sys.stderr is sys.__stderr__],
    'flags': str(sys.flags), 'warnoptions': sys.warnoptions,
    'filters': str(warnings.filters), 'executable': sys.executable,
    'main': [sys.modules['__main__'].__file__, __name__, __file__],
    'hooks': [sys.excepthook is sys.__excepthook__,
              sys.displayhook is sys.__displayhook__],
    'leads': [os.getpid() == os.getsid(0), os.getpid() == os.getpgid(0)],
    'group': os.getpgid(0) == os.getpgid(int(os.environ['STARTER'])),
    'name': open('/proc/self/comm').read(),
    'limits': [resource.getrlimit(number) for number in range(10)],
    'threads': [str(thread.name) for thread in threading.enumerate()],
    'put': [pywikibot._putthread.daemon, pywikibot._putthread.name,
            repr(pywikibot._putthread)],
    'locale': locale.setlocale(locale.LC_ALL),
    'zone': [time.tzname, time.strftime('%H', time.localtime(0))],
    'temporary': tempfile.gettempdir(), 'tracing': sys.gettrace(),
    'collects': [gc.isenabled(), gc.get_threshold()],
    'recursion': sys.getrecursionlimit(),
    'encodings': [sys.getfilesystemencoding(),
                  locale.getpreferredencoding()],
    'config': {name: repr(value) for name, value in vars(config).items()
               if isinstance(value, (str, int, float, list, dict, tuple))
               and not name.startswith('__')},
    'ui': [pywikibot.ui.encoding, pywikibot.ui.argv,
           pywikibot.ui.stdout is sys.stdout, pywikibot.ui is
           pywikibot.bot.ui],
    'queue': pywikibot.page_put_queue.maxsize,
    'sites': len(pywikibot._sites), 'session': len(
        pywikibot.comms.http.cookie_jar),
}
with open('seen.json', 'w') as file:
    json.dump(seen, file)
with open('command', 'wb') as file:
    file.write(open('/proc/self/cmdline', 'rb').read())
"""

SCRIPTS = {
    'look': LOOK,
    'says': "print('out', *map(chr, (228, 8222, 0x1d11e)), flush=True)\n"
            "import sys\nprint('err \\udcff', file=sys.stderr)\n"
            "import pywikibot\npywikibot.info('Zürich <<red>>rot<<default>>'"
            ")\npywikibot.warning('„quoted“')\npywikibot.stdout('Ende')",
    'fails': "def inner():\n    raise ValueError('wrong')\ninner()",
    'exits': 'import sys\nsys.exit(7)',
    'exits_saying': "import sys\nsys.exit('that is why')",
    'interrupted': 'raise KeyboardInterrupt',
    'warns': "import warnings\nwarnings.warn('careful')\n"
             "warnings.warn('old', FutureWarning)",
    'kills_itself': 'import os\nos.kill(os.getpid(), 9)',
    'at_the_end': "import atexit\natexit.register(print, 'at last')\n"
                  "print('unflushed', end='')",
    'deletes': "class Mine:\n    def __del__(self):\n"
               "        print('finalized')\nmine = Mine()\n"
               "import tempfile\nfolder = tempfile.TemporaryDirectory()",
    'puts': "import pywikibot\npywikibot.async_request(print, 'later')",
    'asks': "import pywikibot\nprint(repr(pywikibot.input('Name?')))",
    'chatters': "import time\nwhile True:\n    print('x' * 999)\n"
                '    time.sleep(.001)',
    'waits': "import time\nprint('here', flush=True)\ntime.sleep(99)",
    'cleans_up': "import time\nprint('here', flush=True)\ntry:\n"
                 "    time.sleep(99)\nfinally:\n    print('cleaned')",
    'tells_sigterm': "import signal, sys, time\n"
                     "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))"
                     "\nprint('here', flush=True)\ntime.sleep(99)",
    'starts': "import subprocess, sys\nprint(subprocess.run([sys.executable,"
              " '-c', 'import sys; print(sys.argv, __name__)'],"
              " capture_output=True, text=True).stdout)",
}


class Did(NamedTuple):

    """How a command ended, what it said and what it left."""

    status: int
    output: bytes
    errors: bytes
    files: dict[str, bytes]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Make a directory of pywikibot with the scripts."""
    return furnished(tmp_path)


def furnished(folder: Path) -> Path:
    config = folder / 'user-config.py'
    config.write_text('\n'.join((
        "family_files['nowhere'] = 'http://127.0.0.1:9/api.php'",
        "mylang = family = 'nowhere'",
        "usernames['nowhere']['nowhere'] = 'Bot'", 'max_queue_size = 7',
        'max_retries = 0', 'retry_wait = 0')) + '\n')
    config.chmod(0o600)
    for name, text in SCRIPTS.items():
        (folder / f'{name}.py').write_text(text)
    return folder


def started(start: Start, here: Path, *arguments: str, env: Any = (),
            **settings: Any) -> subprocess.Popen[bytes]:
    return start(
        [str(PWB), *arguments], cwd=here,
        env={**os.environ, 'STARTER': str(os.getpid()),
             'PYWIKIBOT_DIR': str(here), **dict(env)},
        **{'stdin': subprocess.DEVNULL, 'stdout': subprocess.PIPE,
           'stderr': subprocess.PIPE, **settings})


def left(here: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder, and clear what was left."""
    files = {}
    for path in sorted(here.rglob('*')):
        if path.is_file() and path.suffix != '.py':
            files[str(path.relative_to(here))] = path.read_bytes()
            path.unlink()
    # have process numbers and times
    for name in ('throttle.ctrl', 'logs/commands.log'):
        files.pop(name, None)
    if 'importbot.sqlite' in files:
        files['importbot.sqlite'] = b'with times'
    return files


def without_moments(text: bytes) -> bytes:
    """Return what a command said, without places in memory and times."""
    text = re.sub(rb'0x[0-9a-f]+', b'0x', text)
    text = re.sub(rb'\d+\.\d s\b', b'a while', text)
    return re.sub(rb'\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?', b'then', text)


def both(here: Path, *arguments: str, **settings: Any) -> tuple[Did, Did]:
    """Return what a command does, started and forked."""
    found = []
    for start in (subprocess.Popen, Popen):
        process = started(start, here, *arguments, **settings)
        output, errors = process.communicate(timeout=60)
        found.append(Did(process.returncode, without_moments(output),
                         without_moments(errors or b''), left(here)))
        if start is Popen:
            assert process.forked  # type: ignore[attr-defined]
    return found[0], found[1]


@pytest.mark.parametrize('settings', [
    {}, {'start_new_session': True}, {'umask': 0o27},
    {'env': {'TZ': 'Asia/Tokyo', 'COLUMNS': '33', 'TERM': 'vt100',
             'TMPDIR': '/', 'HOME': '/nowhere',
             'PYWIKIBOT_USERINTERFACE_LANG': 'de'}},
    {'stderr': subprocess.STDOUT},
    pytest.param({'process_group': 0}, marks=pytest.mark.skipif(
        sys.version_info < (3, 11), reason='not before Python 3.11')),
], ids=lambda settings: '-'.join(settings) or 'plain')
def test_surroundings(here: Path, settings: dict[str, Any]) -> None:
    given = 'look', 'Zürich', '', "it's"
    real, forked = both(here, *given, **settings)
    assert (real.status, real.output, real.errors) == (0, b'', b'')
    assert forked[:3] == real[:3]
    assert json.loads(forked.files['seen.json']) == json.loads(
        real.files['seen.json'])
    assert b'fork_server' in forked.files['command']
    assert b'fork_server' not in real.files['command']


@pytest.mark.parametrize('variables', [
    {'PYTHONIOENCODING': 'latin-1'}, {'PYTHONIOENCODING': 'ascii:replace'},
    {'PYTHONUTF8': '0', 'LC_ALL': 'C', 'PYTHONCOERCECLOCALE': '0'},
    {'PYTHONUNBUFFERED': '1'}, {'PYTHONWARNINGS': 'error'},
], ids=lambda variables: next(iter(variables)))
def test_variables_of_the_interpreter(
        here: Path, variables: dict[str, str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ('PYTHONUNBUFFERED', 'PYTHONIOENCODING'):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = commands.Server()
    monkeypatch.setattr(commands, '_SERVER', server)
    try:
        real, forked = both(here, 'look')
        assert json.loads(forked.files['seen.json']) == json.loads(
            real.files['seen.json'])
        real, forked = both(here, 'says')
        assert forked == real
    finally:
        server.end()


def test_variables_of_another_interpreter(here: Path) -> None:
    with started(Popen, here, 'says',
                 env={'PYTHONIOENCODING': 'latin-1'}) as process:
        assert process.communicate(timeout=60)[0].startswith(b'out \xe4')
    assert not process.forked  # type: ignore[attr-defined]


@pytest.mark.parametrize('arguments', [
    ['says'], ['fails'], ['exits'], ['exits_saying'], ['interrupted'],
    ['warns'], ['kills_itself'], ['at_the_end'], ['deletes'], ['starts'],
    ['asks'], ['puts'],
    ['nonsense_that_is_no_script'], ['-nonsense'], [], ['-help'],
    ['-simulate', 'says'],
    ['importpages', '-help'], ['importpages', '-nonsense'],
    ['importpages', '-source:en', '-page:A'], ['importdump', 'x.xml'],
    ['importrequests'], ['importruns'], ['importundo', '12'],
], ids=' '.join)
def test_what_is_done(here: Path, arguments: list[str]) -> None:
    real, forked = both(here, *arguments)
    assert forked == real


@pytest.mark.parametrize('config', [
    None, 'raise ValueError', 'no syntax', "put_throttle = 'much'",
    "nobody_knows = 'this'", "print('Zürich')", 'maxlag = 7',
    "userinterface = 'buffer'", "import os; os.chdir('/')",
    'private_files_permission = 0o777',
    "user_agent_format = '{lang} {version}'"], ids=str)
def test_configurations(here: Path, config: str | None) -> None:
    path = here / 'user-config.py'
    if config is None:
        path.unlink()
    else:
        path.write_text(f'{path.read_text()}{config}\n')
    env = {'HOME': str(here)}
    real, forked = both(here, 'exits', env=env)
    assert forked == real


def test_configuration_is_looked_for(here: Path) -> None:
    (here / 'other').mkdir()
    other = furnished(here / 'other')
    (other / 'mine.py').write_bytes((other / 'user-config.py').read_bytes()
                                    + b'max_retries = 3\n')
    (other / 'mine.py').chmod(0o600)
    real, forked = both(here, 'look', f'-dir:{other}', '-config:mine')
    assert real.status == 0
    seen = json.loads(forked.files['seen.json'])
    assert seen == json.loads(real.files['seen.json'])
    assert seen['config']['base_dir'] == repr(str(other))
    assert seen['config']['max_retries'] == '3'


@pytest.mark.parametrize('number', [
    signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP],
    ids=str)
@pytest.mark.parametrize('script', ['waits', 'cleans_up', 'tells_sigterm'])
def test_signals(here: Path, script: str, number: int) -> None:
    ends = []
    for start in (subprocess.Popen, Popen):
        process = started(start, here, script)
        assert process.stdout
        assert process.stdout.readline() == b'here\n'
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=.01)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
        ends.append((process.returncode, output, errors))
    assert ends[1] == ends[0]


def test_signal_comes_at_once(here: Path) -> None:
    """A process can be told to stop as soon as its number is known."""
    process = started(Popen, here, 'waits')
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == -signal.SIGINT
    process.communicate()


def test_stopped_and_continued(here: Path) -> None:
    process = started(Popen, here, 'waits')
    assert process.stdout
    assert process.stdout.readline() == b'here\n'
    process.send_signal(signal.SIGSTOP)
    state = Path(f'/proc/{process.pid}/stat')
    while state.read_text().split()[2] != 'T':
        time.sleep(.01)
    assert process.poll() is None
    process.send_signal(signal.SIGCONT)
    process.terminate()
    assert process.wait(timeout=60) == -signal.SIGTERM
    process.communicate()


def test_closed_pipe(here: Path) -> None:
    ends = []
    for start in (subprocess.Popen, Popen):
        process = started(start, here, 'chatters')
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        ends.append((process.stderr.read(), process.wait(timeout=60)))
        process.stderr.close()
    assert ends[1] == ends[0]
    assert b'BrokenPipeError' in ends[0][0]


def test_terminal(here: Path) -> None:
    ends = []
    for start in (subprocess.Popen, Popen):
        master, slave = pty.openpty()
        process = started(start, here, 'asks', stdin=slave, stdout=slave,
                          stderr=slave, env={'TERM': 'xterm'})
        os.close(slave)
        os.write(master, 'Zoë\n'.encode())
        printed = b''.join(iter(partial(terminal_read, master), b''))
        os.close(master)
        ends.append((printed, process.wait(timeout=60)))
    assert ends[1] == ends[0]
    assert 'Zoë' in ends[0][0].decode()


def terminal_read(master: int) -> bytes:
    try:
        return os.read(master, 4096)
    except OSError:  # nobody has the other side any more
        return b''


def test_terminal_is_seen(here: Path) -> None:
    seen = []
    for start in (subprocess.Popen, Popen):
        master, slave = pty.openpty()
        process = started(start, here, 'look', stdin=slave, stdout=slave,
                          stderr=slave)
        assert process.wait(timeout=60) == 0
        os.close(slave)
        os.close(master)
        seen.append(json.loads(left(here)['seen.json']))
    assert seen[1] == seen[0]
    assert seen[0]['config']['colorized_output'] == 'True'


def test_input_and_text(here: Path) -> None:
    told = []
    for run in (subprocess.run, run_command):
        done = run([str(PWB), 'asks'], cwd=here, text=True, input='Anna\n',
                   env={**os.environ, 'PYWIKIBOT_DIR': str(here)},
                   capture_output=True, timeout=60)
        told.append((done.returncode, done.stdout, done.stderr))
    assert told[1] == told[0]
    assert "'Anna'" in told[0][1]


def test_time_runs_out(here: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run_command([str(PWB), 'waits'], cwd=here, timeout=.1,
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, 'PYWIKIBOT_DIR': str(here)})
    assert time.monotonic() - begun < 60


def test_many_at_once(here: Path) -> None:
    processes = [started(Popen, here, 'waits') for _ in range(5)]
    for process in reversed(processes):
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL


def test_folder_that_is_not_there(here: Path) -> None:
    with pytest.raises(FileNotFoundError):
        started(Popen, here / 'gone', 'exits')


@pytest.fixture
def owned(here: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process that has a server and a command of its own."""
    code = ('import sys\nfrom tests.kit.commands import PWB, Popen\n'
            'import time\n'
            "process = Popen([str(PWB), 'waits'], stdout=-1)\n"
            'process.stdout.readline()\n'
            'from tests.kit import commands\n'
            'print(process.pid, commands._SERVER._process.pid, flush=True)\n'
            'sys.stdin.read()')
    with subprocess.Popen(
            [sys.executable, '-c', code], cwd=here, stdin=subprocess.PIPE,
            text=True, stdout=subprocess.PIPE,
            env={**os.environ, 'PYWIKIBOT_DIR': str(here),
                 'PYTHONPATH': str(Path(__file__).parents[3])}) as process:
        yield process


@pytest.mark.parametrize('crash', [False, True])
def test_nothing_outlives_its_owner(owned: subprocess.Popen[str],
                                    crash: bool) -> None:
    assert owned.stdout
    assert owned.stdin
    watched = [os.pidfd_open(int(word))
               for word in owned.stdout.readline().split()]
    if crash:
        owned.kill()
    else:
        owned.stdin.close()
    for descriptor in watched:
        assert select.select([descriptor], [], [], 60)[0]
        os.close(descriptor)


def test_server_that_has_ended(here: Path, monkeypatch: pytest.MonkeyPatch,
                               ) -> None:
    server = commands.Server()
    monkeypatch.setattr(commands, '_SERVER', server)
    process = started(Popen, here, 'waits')
    server.end()
    with pytest.raises(RuntimeError, match='ended'):
        process.wait(timeout=60)
    process._told = None  # type: ignore[attr-defined]
    process.returncode = -signal.SIGKILL
    process.communicate()


def test_request_goes_over_a_socket() -> None:
    one, other = socket.socketpair()
    with one, other:
        fork_server._tell(one, -9)
        assert fork_server.NUMBER.unpack(other.recv(99)) == (-9, )
        other.close()
        fork_server._tell(one, 1)
