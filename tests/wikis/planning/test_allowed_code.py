"""Code and interface pages that the operator of a wiki allows."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.support import Box, by_title


RIGHTS = ''.join(f"$wgGroupPermissions['importer']['{right}'] = true;"
                 for right in ('editinterface', 'editsitejs', 'editsitecss',
                               'editsitejson', 'edituserjs'))
CODE = 'mw.notify( "Ahoy" );\n' + '// filler\n' * 1200 + 'mw.notify( 2 );'


@pytest.fixture(scope='module')
def code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('code'), empty=True,
             settings=RIGHTS) as box:
        source = box.on_source()
        source.edit('MediaWiki:Common.js', CODE)
        source.edit('MediaWiki:Greeting', 'Ahoy')
        source.edit('MediaWiki:Importrequests.json', '{}')
        source.edit('User:ImportBot/vector.js', CODE)
        source.edit('Plain page', 'mw.notify( 3 );')
        yield box


def test_allowed_code_is_shown_comes_and_can_be_undone(code: Box) -> None:
    asked = ('-page:MediaWiki:Common.js', '-page:MediaWiki:Greeting',
             '-page:MediaWiki:Importrequests.json',
             '-page:User:ImportBot/vector.js')
    ids = []
    for allowed, taken in (
            ((), set()),
            (('-allow:mediaWiki:common.js', ), {'MediaWiki:Common.js'}),
            (('-allow:8', '-allow:User'), {'MediaWiki:Common.js',
                                           'MediaWiki:Greeting'})):
        run, report = code.importpages(*asked, *allowed, '-simulate')
        assert {title for title, page in by_title(report).items()
                if page['decision'] == 'import'} == taken
        assert run.status == 1, run.output
        ids.append(report['id'])
        # Whoever agrees sees all of what would run.
        assert run.output.count('mw.notify( 2 );') == bool(taken)
    assert len(set(ids)) == 3

    run, report = code.importpages(*asked[:2], '-allow:MediaWiki')
    assert run.status == 0, run.output
    target = code.on_target()
    assert target.text('MediaWiki:Common.js') == CODE
    note, = (note for note in report['notes']
             if note['kind'] == 'allowed-code')
    assert note['titles'] == ['MediaWiki:Common.js', 'MediaWiki:Greeting']
    undo = code.pwb('importundo', str(report['run']), '-simulate')
    assert 'MediaWiki:Common.js' in undo.output, undo.output


def test_what_becomes_code_on_its_way_is_no_other_thing(code: Box) -> None:
    before = code.on_target().snapshot()
    for title in ('MediaWiki:Sitenotice', 'MediaWiki:Gadgets-definition',
                  'User:Admin/common.js'):
        run, report = code.importpages(
            '-page:Plain page', f'-targettitle:{title}',
            '-allow:MediaWiki:Common.js', '-allow:Plain page')
        page = by_title(report)['Plain page']
        assert page['reason'] == 'runs-as-code', run.output
    assert code.on_target().snapshot() == before


def test_what_cannot_be_allowed_is_said_before(box: Box) -> None:
    run, _report = box.importpages('-page:MediaWiki:Sidebar', '-allow:8')
    assert run.status == 1 and 'editinterface' in run.output, run.output
    run, _report = box.importpages('-page:MediaWiki:Sidebar', '-allow:4711')
    assert 'neither a title nor a namespace' in run.output, run.output
