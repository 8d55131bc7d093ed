"""Follow the documentation: its code blocks, as they stand, on real wikis.

What stands there for the wikis, the account and the database of a reader is
replaced by what a test has, and by nothing else.
"""
from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from configparser import ConfigParser
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path

import requests
import yaml

from importbot.commands.help_text import option_help
from importbot.model.options import OPTIONS
from importbot.planning.cleanups import GROUP
from importbot.requestpages.configuration import read_configuration
from importbot.rules.wanted import ForeignWikis
from importbot.rules.wishes import read_wishes
from importbot.sandbox.php import maintenance
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.building import setup_cfg
from tests.kit.codeblocks import ROOT, CodeBlock, command_lines
from tests.kit.commands import PWB, Popen, run_command
from tests.kit.mariadb import Server, mariadb
from tests.kit.references import wiki
from tests.kit.support import Box, Run


__all__ = ('COVERED', 'GRANTS', 'Follower', 'kind_of', 'named_grants')

BOT = ACCOUNTS['bot'].name
CONFIGURATION = f'User:{BOT}/importrequests.json'
#: 32 characters, as MediaWiki wants them.
BOT_PASSWORD = 'documentation' + '0123456789' + 'password1'

#: Grants of bot passwords by their names, as MediaWiki shows them.
GRANTS = {'Import revisions': 'import',
          'Edit existing pages': 'editpage',
          'Create, edit, and move pages': 'createeditmovepage',
          'Edit your user CSS/JSON/JavaScript': 'editmycssjs',
          'Delete pages, revisions, and log entries': 'delete'}

#: Where lines are run that would take this test too far, and what shows it.
COVERED = {
    'make bench': ('Makefile', '-m tests.bench.imports'),
    'make demo': ('tests/wikis/sandbox/test_sandbox.py', "command('demo'"),
    'make dist': ('tests/kit/building.py', "'build', '--no-isolation'"),
    'make docs': ('tests/unit/docs/test_reference.py', 'sphinx-build'),
    'make lint': ('Makefile', '$(BIN)/ruff check .'),
    'make pictures': ('tests/unit/docs/test_pictures.py', 'draw('),
    'make sandbox': ('tests/wikis/sandbox/test_sandbox.py', "command('up'"),
    'make soak': ('Makefile', '-m tests.soak.measurements'),
    'make test': ('.ci/run', 'exec make test'),
    'make unit': ('Makefile', 'unit:'),
    'make versions': ('setup.cfg', '[tox:tox]'),
    'pip install .': ('tests/wikis/docs/test_packaging.py', "'installed'"),
    'pip install pywikibot-scripts': ('setup.cfg', 'pywikibot-scripts'),
    "pip install 'importbot[mariadb]'": (
        'tests/unit/journal/test_mariadb.py', 'pymysql'),
}

#: Pages of the dumps that a reader has.
_DUMPS = {'dump.xml': ('Hopper', 'Template:Clear'),
          'd.xml': ('Rover', 'Template:Clear'), 'hopper.xml': ('Hopper', )}

#: Scripts that ask before they write.
_ASK = ('importpages', 'importdump', 'importundo', 'cosmetic_changes')

#: Exit statuses of lines that may end with another one than 0.
_STATUS = {
    # There is work to do, if nobody did it before.
    '-plan:': (0, 2), '-install -simulate': (0, 2)}

#: Lines of jobs and monitors; other tests hold that they print such ones.
_LOGGED = re.compile(
    r'\S+Z pass: \d+ requests? looked at(, \d+ \w+)*, \d+\.\d s'
    r'|(ok|attention|wrong): .*; \d+ runs?, journal of \d+ MB')

_DATABASE = re.compile(r'mysql\+pymysql://tools\.db\.svc\.wikimedia\.cloud/'
                       r's12345__importbot\?read_default_file=\S+')


def named_grants() -> list[str]:
    """Return the names of the grants of which a reader is told."""
    text = ' '.join(path.read_text('utf-8') for path in (
        ROOT / 'README.md', ROOT / 'docs' / 'importers.md',
        ROOT / 'docs' / 'operators.md'))
    return re.findall(r'\*\*(' + '|'.join(GRANTS) + r')\*\*',
                      ' '.join(text.split()))


class Follower:

    """Somebody who does what a page says.

    :param open_box: brings up the wikis; called for the first line that
        needs them
    """

    def __init__(self, open_box: Callable[[], Box]) -> None:
        self._open_box = open_box
        self._stack = ExitStack()
        self._server: Server | None = None

    @cached_property
    def box(self) -> Box:
        """The wikis, with the dumps that a reader has."""
        box = self._open_box()
        self._stack.callback(box.close)
        _make_dumps(box)
        return box

    @property
    def folder(self) -> Path:
        """Where the reader is: the folder with user-config.py."""
        return self.box.config

    def close(self) -> None:
        self._stack.close()

    def follow(self, block: CodeBlock) -> None:
        """Do what a code block says.

        :param block: the block
        """
        _KINDS[kind_of(block)][1](self, block)

    def pwb(self, *words: str, status: tuple[int, ...] = (0, ),
            stdin: Path | None = None) -> Run:
        """Run a script where the reader is."""
        done = self._run(str(PWB), *words, stdin=stdin)
        assert done.status in status, done.output
        return done

    def _run(self, *words: str, stdin: Path | None = None) -> Run:
        with (stdin or Path(os.devnull)).open('rb') as given:
            done = run_command(
                words, cwd=self.folder, text=True, stdin=given,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=300, env={**os.environ, 'COLUMNS': '200',
                                  'PYWIKIBOT_DIR': str(self.folder)})
        return Run(done.returncode, done.stdout)

    # Kinds of blocks.

    def shell(self, block: CodeBlock) -> None:
        """Type some lines into a shell."""
        for words in command_lines(block):
            _COMMANDS[words[0]](self, words)

    def crontab(self, block: CodeBlock) -> None:
        """See that a crontab starts what there is, as it is to be given."""
        for line in block.text.splitlines():
            words = shlex.split(line)
            if '=' in words[0]:
                continue
            assert words[5] == 'pwb', line
            script, options = words[6], OPTIONS.of(words[6])
            assert (ROOT / 'scripts' / 'importbot_scripts'
                    / f'{script}.py').is_file(), line
            for word in words[7:]:
                name = word.lstrip('-').partition(':')[0]
                assert name in (*options, 'site') or word[0] == '>', line

    def log(self, block: CodeBlock) -> None:
        """See that what a job or a monitor prints looks so."""
        for line in block.text.splitlines():
            assert _LOGGED.fullmatch(line), line

    def python(self, block: CodeBlock) -> None:
        """Run a program."""
        code = re.sub("'(?:de|en)'", repr(self.box.prefix), block.text)
        done = self._run(sys.executable, '-c', code)
        assert done.status == 0, done.output

    def settings(self, block: CodeBlock) -> None:
        """Write user-config.py, for wikis that pywikibot does not know."""
        config = self.folder / 'user-config.py'
        known = [line for line in config.read_text().splitlines()
                 if line.startswith(('family_files', 'max_', 'retry_',
                                     'put_', 'minthrottle'))]
        text = '\n'.join((*known, _with_account(block.text)))
        config.write_text(text)

    def password(self, block: CodeBlock) -> None:
        """Make a bot password with the grants that the pages name.

        Every one that Special:BotPasswords makes has the grant "basic".
        """
        grants = ','.join(('basic', *map(GRANTS.__getitem__, named_grants())))
        maintenance(
            self.box.target_tree,
            self.box.folder / 'target' / 'LocalSettings.php',
            'createBotPassword', '--appid', 'importbot', '--grants', grants,
            BOT, BOT_PASSWORD)
        (self.folder / 'user-password.py').write_text(
            _with_account(block.text))

    def configuration(self, block: CodeBlock) -> None:
        """Let the bot work by a configuration."""
        read_configuration(block.text, CONFIGURATION)
        self.install()
        data = {**json.loads(block.text), 'sources': [self.box.prefix]}
        self.box.on_target().edit(CONFIGURATION, json.dumps(data))
        self.pwb('importrequests')

    def request(self, block: CodeBlock) -> None:
        """Ask for pages, and have the bot plan them."""
        self.install()
        client = self.box.on_target()
        page = read_configuration(client.text(CONFIGURATION),
                                  CONFIGURATION).pages[0]
        client.edit(page, f'{client.text(page)}\n{block.text}')
        self.pwb('importrequests')
        answered = client.text(page)
        assert re.search(r'\|status = review\b', answered), answered
        assert 'mean nothing' not in answered, answered

    def sql(self, block: CodeBlock) -> None:
        """Ask the journal."""
        with closing(sqlite3.connect(
                self.folder / 'importbot.sqlite')) as journal:
            assert journal.execute(block.text).fetchall()

    def package(self, block: CodeBlock) -> None:
        """See that a package offers what importbot looks for."""
        parser = ConfigParser()
        parser.read_string(block.text)
        assert GROUP in parser['options.entry_points']

    def synopsis(self, block: CodeBlock) -> None:
        """See whether a script has what a line of its help names."""
        _pwb, name, *words = block.text.split()
        script = ROOT / 'scripts' / 'importbot_scripts' / f'{name}.py'
        text = script.read_text('utf-8')
        for place, lines in option_help(name).items():
            text = text.replace(place, lines)
        for word in words:
            if word.startswith('-'):
                assert re.search(rf'^{word}\b', text, re.MULTILINE), word

    def drawing(self, block: CodeBlock) -> None:
        """See whether the files that it names are there."""
        named = re.findall(r'\bimportbot/[\w/.]+', block.text)
        assert named
        assert all((ROOT / name).exists() for name in named)

    def wishes(self, block: CodeBlock) -> None:
        """Read what stands in a file of wishes."""
        found = read_wishes(block.text.splitlines(), ForeignWikis(
            ['en', 'w:de'], {'en': 'https://en.wikipedia.org/wiki/$1'},
            wiki('en').namespace_number), wiki('en'))
        assert not found.problems
        assert len(found.wishes) > 1

    def directive(self, block: CodeBlock) -> None:
        """Leave it to Sphinx, which builds the page with warnings as errors.
        """
        assert block.language.split()[0] in (
            '{eval-rst}', '{include}', '{literalinclude}', '{toctree}')

    # Commands of a shell.

    def type_pwb(self, words: list[str]) -> None:
        """Run a script on the wikis of the test."""
        line = ' '.join(words)
        words = [self._here(word) for word in words[1:] if word != '…']
        if '…' in line:
            words += [f'-source:{self.box.prefix}', '-page:Hopper',
                      '-templates:none']
        if words[0] in _ASK or '-install' in words:
            words.append('-always')
        if '-resume' in words:
            self._cut_a_run()
            words.append('-serverlimit:1')
        status = next((status for part, status in _STATUS.items()
                       if part in line), (0, ))
        self.pwb(*words, status=status, stdin=self.folder / 'dump.xml'
                 if '-' in words else None)

    def type_make(self, words: list[str]) -> None:
        """See that there is such a target and who tries it."""
        assert re.search(rf'^{words[1]}:', (ROOT / 'Makefile').read_text(),
                         re.MULTILINE), words
        _see_covered(words)

    def type_pip(self, words: list[str]) -> None:
        """See that what is installed can be had, and who tries it."""
        for extra in re.findall(r'\[(\w+)\]', words[-1]):
            assert extra in setup_cfg()['options.extras_require'], extra
        _see_covered(['pip', *words[1:]])

    def type_venv(self, words: list[str]) -> None:
        """See that it makes an environment."""
        assert words == ['python3', '-m', 'venv', 'venv']

    def type_toolforge(self, words: list[str]) -> None:
        """Run the jobs of a file as Toolforge does."""
        jobs = yaml.safe_load((ROOT / 'docs' / 'toolforge' / 'jobs.yaml'
                               ).read_text('utf-8'))
        if words[1] == 'webservice':
            assert {job['image'] for job in jobs} == {words[2]}
            return
        assert words[1:] == ['jobs', 'load', 'jobs.yaml']
        for job in jobs:
            program, *arguments = shlex.split(job['command'])
            assert program == 'venv/bin/pwb'
            self.type_pwb(['pwb', *arguments])

    def type_7z(self, words: list[str]) -> None:
        """See that it writes to the command behind it, which gets a dump."""
        assert words == ['7z', 'x', '-so', 'dump.7z']

    # What the reader has or did before.

    def install(self) -> None:
        """Have the request pages."""
        if 'missing' in self.box.on_target().get(
                titles=CONFIGURATION)['pages'][0]:
            self.pwb('importrequests', '-install', '-always')

    def _cut_a_run(self) -> None:
        """Have a run that was killed in the middle."""
        process = Popen(
            [PWB, 'importpages', f'-source:{self.box.prefix}', '-always',
             '-cat:Organisations', '-prefixindex:K'], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(self.folder)})
        logged = len(self.box.on_target().imports())
        while len(self.box.on_target().imports()) == logged:
            assert process.poll() is None, 'it ended before it was killed'
            time.sleep(.1)
        process.kill()
        process.wait()

    def _here(self, word: str) -> str:
        """Return a word with the wikis and the database of the test."""
        word = re.sub(r'^-(source|interwikiprefix):(w:)?(de|en)$',
                      rf'-\1:{self.box.prefix}', word)
        # The number of the one run that there is.
        word = '1' if word == '12' else word
        return _DATABASE.sub(lambda _place: self._database(), word)

    def _database(self) -> str:
        if self._server is None:
            self._server = self._stack.enter_context(mariadb())
        return self._server.url()


def _make_dumps(box: Box) -> None:
    """Export pages of the source into the files that a reader has."""
    for name, titles in _DUMPS.items():
        answer = requests.post(
            f'{box.source_base}/index.php', timeout=60,
            data={'title': 'Special:Export', 'action': 'submit',
                  'pages': '\n'.join(titles), 'history': '1'})
        assert answer.content.startswith(b'<mediawiki')
        (box.config / name).write_bytes(answer.content)
    subprocess.run(['bzip2', '-k', 'dump.xml'], cwd=box.config, check=True)


def _with_account(text: str) -> str:
    """Return settings with wiki, account and password of the test."""
    for theirs, ours in (
            ('YourBot', BOT), ('wikibooks', 'sandboxtarget'),
            ('de', 'sandboxtarget'),
            ('the password that the wiki showed', BOT_PASSWORD)):
        text = text.replace(repr(theirs), repr(ours))
    return text


def _see_covered(words: list[str]) -> None:
    file, proof = COVERED[shlex.join(words)]
    assert proof in (ROOT / file).read_text('utf-8'), file


_COMMANDS: dict[str, Callable[[Follower, list[str]], None]] = {
    '7z': Follower.type_7z, 'make': Follower.type_make,
    'pip': Follower.type_pip, 'venv/bin/pip': Follower.type_pip,
    'pwb': Follower.type_pwb, 'python3': Follower.type_venv,
    'toolforge': Follower.type_toolforge}


def _begins(*starts: str) -> Callable[[CodeBlock], bool]:
    return lambda block: not block.language and block.text.startswith(starts)


def _speaks(language: str) -> Callable[[CodeBlock], bool]:
    return lambda block: block.language == language


def _is_shell(block: CodeBlock) -> bool:
    return not block.language and all(words[0] in _COMMANDS
                                      for words in command_lines(block))


#: Each kind of block: how it is told, and what is done; the first holds.
_KINDS: dict[str, tuple[Callable[[CodeBlock], bool],
                        Callable[[Follower, CodeBlock], None]]] = {
    'directive': (lambda block: block.language.startswith('{'),
                  Follower.directive),
    'wishes': (lambda block: ' → ' in block.text and _speaks('text')(block),
               Follower.wishes),
    'drawing': (_speaks('text'), Follower.drawing),
    'python': (_speaks('python'), Follower.python),
    'program': (_begins('import ', 'from '), Follower.python),
    'request': (_speaks('wikitext'), Follower.request),
    'configuration': (_begins('{\n'), Follower.configuration),
    'package': (_speaks('ini'), Follower.package),
    'statement': (_begins('SELECT '), Follower.sql),
    'crontab': (_speaks('sh'), Follower.crontab),
    'log': (_speaks('console'), Follower.log),
    'settings': (_begins('family = '), Follower.settings),
    'password': (_begins("('YourBot', "), Follower.password),
    'synopsis': (lambda block: '[OPTION...]' in block.text,
                 Follower.synopsis),
    'shell': (_is_shell, Follower.shell),
}


def kind_of(block: CodeBlock) -> str:
    """Return the kind of a code block, empty for one that nobody knows.

    :param block: the block
    """
    return next((kind for kind, (is_one, _do) in _KINDS.items()
                 if is_one(block)), '')
