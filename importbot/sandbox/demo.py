"""Two imports between throw-away wikis: by hand, and on request."""
from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

import requests
from lxml import etree, html

from importbot.journal.journal import Journal
from importbot.journal.reports import recorded_details, recorded_report
from importbot.model.plan import as_text
from importbot.sandbox import Sandbox, running
from importbot.sandbox.person import Person
from importbot.sandbox.terminal import at_a_terminal
from importbot.sandbox.wikis import ACCOUNTS


__all__ = ('demo', )

_REQUEST = """{{{{{template}
 |source = {prefix}
 |pages =
   {title}
 |reason = The demonstration
 |status = new
}}}}"""

#: For the article as a page of its own.
_STYLE = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem;
  font: 1rem/1.6 sans-serif; color: #202122; background: #fff; }
a { color: #36c; text-decoration: none; } a.new { color: #d73333; }
"""

#: An article that needs little more than the first one.
_ASKED_FOR = 'Firefly Walker'


def demo(report: Path) -> int:
    """Bring two wikis up, import an article, and ask for one on the wiki.

    :param report: where the JSON of the first run goes; HTML goes next to
        it, and the article as the target shows it
    :return: exit status: 0 only if every page ended as planned
    :raises SandboxError: the wikis cannot be brought up
    """
    report = report.resolve()
    report.parent.mkdir(parents=True, exist_ok=True)
    pages = {report.with_suffix('.html'): 'the report, a page to look at',
             report.with_name('article.html'):
                 'the article, as the target shows it now',
             report: 'the report, for programs'}
    for path in pages:
        path.unlink(missing_ok=True)
    print('Bringing two MediaWikis up; the first time this fetches and '
          'fills them, which takes a minute …', flush=True)
    with tempfile.TemporaryDirectory(prefix='importbot-demo-') as folder, \
            running(Path(folder, 'wikis')) as sandbox:
        print(f'source {sandbox.source.index}\n'
              f'target {sandbox.target.index}\n')
        status = _play(sandbox, report)
        if all(path.exists() for path in pages):
            width = max(len(str(path)) for path in pages)
            print('\nTo look at:\n', *(
                f'  {path!s:{width}}  {what}' for path, what
                in pages.items()), sep='\n')
            _wait(sandbox)
    return status


def _wait(sandbox: Sandbox) -> None:
    """Leave the wikis up for a person who looks at them."""
    if not sys.stdin.isatty():
        return
    index = sandbox.target.index
    print('\nAnd on the target, while it is up:\n',
          f'  {index}?title=Rover', f'  {index}?title=Rover&action=history',
          f'  {index}?title=Special:Log&type=import',
          f'  {index}?title=Project:Import_requests', sep='\n')
    with suppress(EOFError, KeyboardInterrupt):
        input('\nEnter ends both wikis. ')


def _play(sandbox: Sandbox, report: Path) -> int:
    """Import an article by hand, then one that somebody asks for."""
    # Each is a person's: the second one finds the templates there.
    status = at_a_terminal(_command(
        'importpages', f'-source:{sandbox.prefix}', '-page:Rover'),
        _environment(sandbox))
    return status or _write_reports(sandbox, report) or _ask(sandbox)


def _ask(sandbox: Sandbox) -> int:
    """Set request pages up, ask, plan, approve, import."""
    status = _pwb(sandbox, 'importrequests', '-install', '-always')
    if status:
        return status
    person = Person(sandbox.target.base, ACCOUNTS['user'])
    bot = ACCOUNTS['bot'].name
    configuration = json.loads(person.text(
        f'User:{bot}/importrequests.json'))
    page = configuration['pages'][0]
    print(f'\n{ACCOUNTS["user"].name} asks for "{_ASKED_FOR}" on '
          f'"{page}".\n')
    person.edit(page, section='new', sectiontitle=_ASKED_FOR,
                text=_REQUEST.format(
                    template=configuration['templates'][0]['name'],
                    prefix=sandbox.prefix, title=_ASKED_FOR))
    status = _pwb(sandbox, 'importrequests')
    if status:
        return status
    print(f'\n{ACCOUNTS["user"].name} looks at the plan and approves it.\n')
    text = person.text(page)
    person.edit(page, text=text.replace('status = review',
                                        'status = approved'))
    return _pwb(sandbox, 'importrequests')


def _pwb(sandbox: Sandbox, *arguments: str) -> int:
    """Run a script as a job does, whose output nobody watches."""
    done = subprocess.run(
        _command(*arguments), env=_environment(sandbox), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    print(done.stdout, end='', flush=True)
    return done.returncode


def _command(*arguments: str) -> list[str]:
    """Return a command, which is printed as a person types it."""
    print('$', shlex.join(['pwb', *arguments]), flush=True)
    return [str(Path(sys.executable).with_name('pwb')), *arguments]


def _environment(sandbox: Sandbox) -> dict[str, str]:
    return {**os.environ, 'PYWIKIBOT_DIR': str(sandbox.pywikibot_dir)}


def _write_reports(sandbox: Sandbox, path: Path) -> int:
    """Write the reports of the run; return whether all went as planned."""
    # pywikibot reads its configuration when it is imported, and the messages
    # need it: the sandbox itself has to run before there is one.
    os.environ['PYWIKIBOT_DIR'] = str(sandbox.pywikibot_dir)
    from importbot.i18n import interface_language
    from importbot.reports.html import report_html

    journal = Journal(str(sandbox.pywikibot_dir / 'importbot.sqlite'))
    run = journal.latest_run(sandbox.target.api)
    if run is None:
        print('Nothing was imported.')
        return 1
    report = recorded_report(journal, run)
    path.write_text(as_text(report.as_json()), encoding='utf-8')
    path.with_suffix('.html').write_text(report_html(
        report, interface_language(), details=recorded_details(journal, run)),
        encoding='utf-8')
    path.with_name('article.html').write_text(_article(sandbox),
                                              encoding='utf-8')
    return 0 if report.went_as_planned else 1


def _article(sandbox: Sandbox) -> str:
    """Return the article as the target shows it, as a page of its own."""
    index = sandbox.target.index
    with requests.Session() as session:
        session.trust_env = False
        shown = html.document_fromstring(session.get(
            index, params={'title': 'Rover', 'useskin': 'apioutput'},
            timeout=300).text)
        styles = [session.get(urljoin(index, link.get('href', '')),
                              timeout=300).text
                  for link in shown.iter('link')
                  if link.get('rel') == 'stylesheet']
    etree.strip_elements(shown, 'script', 'link', 'meta', with_tail=False)
    for link in shown.iter('a'):
        if link.get('href', '').startswith('/'):
            link.set('href', urljoin(index, link.get('href', '')))
    head = shown.find('head')
    assert head is not None, 'a page of MediaWiki has one'
    for attributes in ({'charset': 'utf-8'}, {
            'name': 'viewport',
            'content': 'width=device-width, initial-scale=1'}):
        etree.SubElement(head, 'meta', attributes)
    etree.SubElement(head, 'style').text = '\n'.join([*styles, _STYLE])
    return str(html.tostring(shown, encoding='unicode',
                             doctype='<!DOCTYPE html>'))
