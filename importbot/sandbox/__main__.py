"""Command line of the sandbox: up, down, status, demo, packages."""
from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
import tempfile
from pathlib import Path

from importbot.sandbox import Sandbox, SandboxError, down, status, up
from importbot.sandbox.databases import DATABASES
from importbot.sandbox.debian import SUITES
from importbot.sandbox.demo import demo
from importbot.sandbox.php import missing_packages


__all__ = ('main', )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='python -m importbot.sandbox',
        description='Two real MediaWikis on this machine, to try imports '
                    'between them: a source with sample content and a '
                    'target with a few pages of its own.')
    commands = parser.add_subparsers(dest='command', required=True)
    default = Path(tempfile.gettempdir(), f'importbot-sandbox-{os.getuid()}')

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument('--dir', type=Path, default=default,
                         help='folder of the sandbox (%(default)s)')
        return sub

    begin = command('up', 'bring the two wikis up and print how to use them')
    releases = sorted(SUITES)
    begin.add_argument('--release', choices=releases, default='1.43',
                       help='MediaWiki of the target (%(default)s)')
    begin.add_argument('--source-release', choices=releases,
                       help='MediaWiki of the source (as the target)')
    begin.add_argument('--lang', default='en', metavar='CODE',
                       help='language of the target (%(default)s)')
    begin.add_argument('--source-lang', default='en', metavar='CODE',
                       help='language of the source, and its interwiki '
                            'prefix on the target (%(default)s)')
    begin.add_argument('--database', choices=DATABASES, default='sqlite',
                       help='what the target stores its pages in '
                            '(%(default)s); mariadb, as most wikis have it, '
                            'is a server of its own, which ends with the '
                            'sandbox')
    begin.add_argument('--source-database', choices=DATABASES,
                       default='sqlite',
                       help='the same for the source (%(default)s)')
    begin.add_argument('--empty', action='store_true',
                       help='without sample content')
    command('down', 'end the wikis and remove their folder')
    now = command('status', 'say whether the sandbox is up')
    for sub in (begin, now):
        sub.add_argument('--json', action='store_true',
                         help='print addresses and accounts as JSON')
    show = commands.add_parser(
        'demo', help='import an article between two wikis and end them')
    show.add_argument('--report', type=Path, required=True,
                      help='file for the JSON of the run')
    packages = commands.add_parser(
        'packages', help='print the Debian packages that are missing')
    packages.add_argument('--database', choices=DATABASES, default='sqlite',
                          help='what a wiki is to store its pages in '
                               '(%(default)s)')
    return parser


def _show(sandbox: Sandbox, as_json: bool) -> None:
    data = sandbox.as_json()
    if as_json:
        print(json.dumps(data, indent=2))
        return
    for part in ('source', 'target'):
        wiki = data[part]
        print(f'{part}: {wiki["index"]}  '
              f'(sysop {wiki["user"]}, password {wiki["password"]})')
    target = data['target']
    print(f'bot on the target: {target["bot"]}, '
          f'password {target["bot_password"]}')
    print(f'interwiki prefix of the source: {sandbox.prefix}')
    folder = shlex.quote(str(sandbox.dir))
    pwb = shlex.quote(str(Path(sys.executable).with_name('pwb')))
    python = shlex.quote(sys.executable)
    print(f'\nexport PYWIKIBOT_DIR={folder}/{sandbox.pywikibot_dir.name}\n'
          f'{pwb} importpages -source:{sandbox.prefix} -page:Rover '
          '-simulate\n\n'
          f'To end them: {python} -m importbot.sandbox down --dir {folder}')


def main(arguments: list[str] | None = None) -> int:
    """Run a command of the sandbox.

    :param arguments: the command line; that of the process by default
    :return: exit status
    """
    options = _parser().parse_args(arguments)
    # A job that is cancelled cleans up as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.command == 'packages':
            print(' '.join(missing_packages({options.database})))
        elif options.command == 'demo':
            return demo(options.report)
        elif options.command == 'up':
            _show(up(options.dir, release=options.release,
                     source_release=options.source_release,
                     lang=options.lang, source_lang=options.source_lang,
                     empty=options.empty, database=options.database,
                     source_database=options.source_database), options.json)
        elif options.command == 'down':
            down(options.dir)
        else:
            sandbox = status(options.dir)
            if sandbox is None:
                print(f'No sandbox is up in {options.dir}; start one with '
                      '"up".', file=sys.stderr)
                return 1
            _show(sandbox, options.json)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f'{error.filename}: {error.strerror}' if error.filename
              else error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('\nInterrupted.', file=sys.stderr)
        return 130
    return 0


if __name__ == '__main__':
    sys.exit(main())
