"""Bad input ends in one clear sentence, a right status and no write."""
from __future__ import annotations

from pathlib import Path

import pytest

from importbot.sandbox.php import maintenance
from tests.kit.support import ACCOUNTS, Box, by_title


SMALL = '-page:Template:Nowrap'
#: Requests that are broken, as long as a test lasts.
ALWAYS = 10 ** 6


def refused(box: Box, *arguments: str, **options: object) -> str:
    """Return what a run that must end with status 1 printed."""
    run = box.pwb('importpages', *arguments, '-always', **options)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    return ' '.join(run.output.split())


@pytest.mark.usefixtures('unharmed')
@pytest.mark.parametrize(('arguments', 'sentence'), [
    (['-source:en', '-page:No such page'],
     'No such page: refused; not on the source; see how'),
    (['-source:xx', SMALL],
     '"xx" is no interwiki prefix of the target wiki; imports are allowed '
     'there from: en'),
    (['-source:xx', '-via:interwiki', SMALL],
     '"xx" is no interwiki prefix of the target wiki; imports are allowed '
     'there from: en'),
    (['-source:en:de', SMALL],
     '"de" is no interwiki prefix of the wiki at "en", so that "en:de" '
     'leads nowhere; sources that the target allows: en'),
    (['-source:en:de', '-via:interwiki', SMALL],
     'allows no import from "en:de"'),
    ([SMALL], 'Name the wiki to import from: -source:PREFIX'),
    (['-source:en'], 'no generator was defined'),
    (['-source:en', SMALL, '-bogus'], 'Unknown parameter "-bogus"'),
    (['-source:en', '-page:Bad[title'], 'no valid title'),
    (['-source:en', '-cat:No such category'], 'found no page'),
    (['-source:en', SMALL, '-correspondingnamespace:4', '-rootpage:A'],
     'Give only one of -correspondingnamespace, -rootpage'),
    (['-source:en', SMALL, '-targettitle:A', '-rootpage:A'],
     'Give only one of -rootpage, -targettitle'),
    (['-source:en', SMALL, '-correspondingnamespace:77'],
     'has no namespace 77 (-correspondingnamespace).'),
    (['-source:en', SMALL, '-rootpage:A[b'],
     '"A[b" is no valid title on the target wiki'),
    (['-source:en', SMALL, '-rootpage:An article'],
     'namespace of "An article" has no subpages'),
    (['-source:en', SMALL, '-journal:nodbms://x'], '-journal:'),
    (['-source:en', SMALL, '-simulate', '-report:/nonexistent/r.json'],
     '/nonexistent/r.json cannot be written'),
    (['-source:en', '-file:/nonexistent/titles'], 'No such file'),
    (['-source:en', '-page:'], 'nobody answers'),
    (['-apply:x.json', '-source:en', SMALL],
     'leave out -source, -page:Template:Nowrap'),
])
def test_sentence_and_status(box: Box, arguments: list[str],
                             sentence: str) -> None:
    assert sentence in refused(box, *arguments)


@pytest.mark.usefixtures('unharmed')
def test_all_problems_are_told_at_once(box: Box) -> None:
    printed = refused(box, '-source:xx', SMALL, '-via:interwiki',
                      '-tags:nono', '-correspondingnamespace:77')
    for problem in ('"xx" is no interwiki prefix',
                    'wiki: nono; see Special:Tags', 'no namespace 77'):
        assert problem in printed


@pytest.mark.usefixtures('unharmed')
def test_protected_target_is_on_hold(box: Box) -> None:
    run, report = box.importpages('-page:Template:Quote box',
                                  '-templates:none')
    assert run.status == 3, run.output
    assert ('Template:Quote box: on hold; protected on the target; '
            'a person with the right') in ' '.join(run.output.split())
    page = by_title(report)['Template:Quote box']
    assert (page['decision'], page['reason'], page['outcome']) == (
        'hold', 'protected', 'unchanged')


@pytest.mark.usefixtures('unharmed')
def test_title_that_the_target_cannot_hold(box: Box) -> None:
    box.on_source().edit('En:Elsewhere', 'On the target this title leads to '
                         'another wiki.')
    run, report = box.importpages('-page:en:En:Elsewhere')
    assert run.status == 1, run.output
    assert 'no valid title on the target' in run.output
    assert by_title(report)['En:Elsewhere']['decision'] == 'refuse'


@pytest.mark.usefixtures('unharmed')
def test_page_that_would_run_as_code(box: Box) -> None:
    box.on_source().edit('MediaWiki:Sidebar', '* navigation')
    run, report = box.importpages('-page:MediaWiki:Sidebar')
    assert run.status == 1, run.output
    assert by_title(report)['MediaWiki:Sidebar']['reason'] == 'runs-as-code'


@pytest.mark.usefixtures('unharmed')
def test_nobody_to_confirm(box: Box) -> None:
    run = box.pwb('importpages', '-source:en', SMALL)
    assert run.status == 1, run.output
    assert '-always' in run.output


@pytest.fixture(scope='module')
def plain(box: Box) -> Path:
    """An account of the target that may import by no route."""
    maintenance(box.target_tree,
                box.folder / 'target' / 'LocalSettings.php',
                'createAndPromote', 'Plain', 'a-plain-password')
    return other_login(box, 'Plain', 'a-plain-password')


INTERWIKI = 'The account Plain lacks the right "import" on the target wiki'
UPLOAD = 'The account Plain lacks the right "importupload" on the target'
NEITHER = ('An upload would do without that, but the account Plain lacks '
           'the right "importupload" (-via:upload).')


@pytest.mark.usefixtures('unharmed')
@pytest.mark.parametrize(('arguments', 'sentences'), [
    ([], {INTERWIKI, NEITHER}),
    (['-via:interwiki'], {INTERWIKI}),
    (['-via:upload'], {UPLOAD}),
    # Nothing but an upload can do it.
    (['-before:2020-01-01T00:00:00Z'], {UPLOAD}),
    # All at once.
    (['-tags:nono'], {INTERWIKI, NEITHER, 'wiki: nono; see Special:Tags'}),
])
def test_bot_without_the_right(box: Box, plain: Path, arguments: list[str],
                               sentences: set[str]) -> None:
    printed = refused(box, '-source:en', SMALL, *arguments, config=plain)
    assert {sentence for sentence in (INTERWIKI, UPLOAD, NEITHER)
            if sentence in printed} == sentences & {INTERWIKI, UPLOAD,
                                                    NEITHER}
    for sentence in sentences:
        assert sentence in printed


@pytest.mark.usefixtures('unharmed')
def test_wrong_password(box: Box) -> None:
    config = other_login(box, ACCOUNTS['bot'].name, 'wrong')
    assert 'The login to' in refused(box, '-source:en', SMALL,
                                     config=config)


def other_login(box: Box, name: str, password: str) -> Path:
    """Return a pywikibot directory with another account for the target."""
    folder = box.folder / f'pywikibot-{name}-{password}'
    folder.mkdir()
    config = (box.config / 'user-config.py').read_text().replace(
        repr(ACCOUNTS['bot'].name), repr(name))
    (folder / 'user-config.py').write_text(config)
    (folder / 'user-password.py').write_text(
        f"('sandboxtarget', {name!r}, {password!r})\n")
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


@pytest.mark.usefixtures('unharmed')
def test_blocked_bot(box: Box) -> None:
    target = box.on_target()
    target.do('block', user=ACCOUNTS['bot'].name, reason='too eager')
    try:
        assert ('The account ImportBot is blocked on the target wiki '
                '(Admin: too eager)') in refused(box, '-source:en', SMALL)
    finally:
        target.do('unblock', user=ACCOUNTS['bot'].name)


@pytest.mark.usefixtures('unharmed')
def test_source_that_answers_html(box: Box) -> None:
    with box.source.broken(hits=lambda exchange: True, forwards=False,
                           status=200, times=1000):
        printed = refused(box, '-source:en', SMALL)
    assert 'does not answer as a MediaWiki does' in printed


def test_interwiki_import_switched_off(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    box = Box(tmp_path_factory.mktemp('off'), empty=True,
              settings='$wgImportSources = [];')
    before = box.on_target().snapshot()
    try:
        assert 'has interwiki import switched off' in refused(
            box, '-source:en', SMALL, '-via:interwiki')
        assert box.on_target().snapshot() == before
        # Which keeps nobody out who may upload.
        box.on_source().edit('Kettle', 'It boils.')
        run, report = box.importpages('-page:Kettle')
        assert run.status == 0, run.output
        assert by_title(report)['Kettle']['outcome'] == 'verified'
    finally:
        box.close()


@pytest.mark.usefixtures('unharmed')
def test_target_that_is_down(box: Box, tmp_path: Path) -> None:
    dump = tmp_path / 'dump.xml'
    dump.write_text('<mediawiki/>', 'utf-8')
    # Who was logged in is looked for at once, and for half an hour.
    up = box.pwb('importpages', '-source:en', SMALL, '-simulate')
    assert up.status == 0, up.output
    assert list(box.folder.rglob('pywikibot-*.lwp'))
    with box.target.broken(hits=lambda _: True, forwards=False,
                           times=ALWAYS):
        for command in (['importpages', '-source:en', SMALL],
                        ['importdump', '-interwikiprefix:en', str(dump)],
                        ['importundo', '1']):
            run = box.pwb(*command, '-always')
            assert run.status == 1, run.output
            assert 'The target wiki cannot be reached' in run.output
            assert 'Traceback' not in run.output
            assert len(run.output.splitlines()) < 12, run.output


def test_source_that_is_down(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    with Box(tmp_path_factory.mktemp('down'), empty=True) as box:
        box.source.close()
        assert 'The source wiki "en" cannot be reached' in refused(
            box, '-source:en', SMALL)
