"""The import action on real wikis: every parameter, answer and error."""
from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pywikibot
import requests

from importbot import Importer, Journal, Policy, apply_plan
from importbot.model.decisions import Outcome
from importbot.model.errors import (
    FetchError,
    ImportRefusedError,
    NoAnswerError,
    NotAllowedError,
    NotASourceError,
    PageParameterError,
    PreflightError,
    ServerFailureError,
    TagError,
    UnavailableError,
    UploadError,
)
from importbot.model.report import PageResult
from importbot.planning.plan import plan_titles
from importbot.sandbox.php import maintenance
from importbot.sandbox.wikis import ACCOUNTS
from importbot.sources.transfer import connect
from importbot.wikis.importer import ImportedPage
from importbot.wikis.prefixes import resolve_source
from importbot.wikis.wiki import Wiki
from tests.kit.specimens import NAMESPACES, put_specimens
from tests.kit.support import Box, Client, site_of, texts


pytestmark = pytest.mark.every


#: Settings of the target that a test can change while the wiki runs.
CHANGEABLE = """
$now = json_decode( @file_get_contents( __DIR__ . '/now.json' ) ?: '[]', true );
foreach ( $now as $name => $value ) { $GLOBALS[$name] = $value; }
"""  # noqa: E501
TAG = 'imported'
ROUTES = ('interwiki', 'upload')


class Bench:

    """A source, a target, and the importer between them."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()
        self._specimens = {start: put_specimens(box, 60, start)
                           for start in NAMESPACES}
        self.site = site_of(box.target)
        self.site.login()
        self.importer = Importer(self.site)
        # Early: the wiki caches for seconds which tags there are.
        self.target.do('managetags', operation='create', tag=TAG)

    def new_page(self, start: str = '') -> str:
        """Return a page of the source, two revisions, not used yet."""
        return next(self._specimens[start])

    def export(self, title: str) -> bytes:
        """Return the real export of a page with its history."""
        return requests.get(
            f'{self.box.source_base}/index.php',
            params={'title': f'Special:Export/{title}', 'history': 1},
        ).content

    def send(self, route: str, title: str,
             **options: Any) -> list[ImportedPage] | None:
        """Import a page with its history by one of the routes."""
        if route == 'interwiki':
            return self.importer.from_wiki('en', title, full_history=True,
                                           **options)
        return self.importer.from_xml(io.BytesIO(self.export(title)), 'en',
                                      **options)

    @contextmanager
    def settings(self, **values: Any) -> Iterator[None]:
        """Change settings of the target for the length of a block."""
        path = Path(self.box.folder, 'target', 'now.json')
        path.write_text(json.dumps(values))
        try:
            yield
        finally:
            path.unlink()

    def refused(self, work: Callable[[], object]) -> ImportRefusedError:
        """Return the error that some work ends with."""
        with pytest.raises(ImportRefusedError) as caught:
            work()
        return caught.value


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def bench(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Box(tmp_path_factory.mktemp('box'), release=request.param,
             settings='$wgImportSources[] = "zz";' + CHANGEABLE) as box:
        yield Bench(box)


each_route = pytest.mark.parametrize('route', ROUTES)


# What comes, and what the answer says

def test_current_revision_alone_comes_by_default(bench: Bench) -> None:
    title = bench.new_page()
    assert bench.importer.from_wiki('en', title) == [
        ImportedPage(title, 0, 1)]
    theirs, ours = (bench.source.history(title), bench.target.history(title))
    assert texts(ours) == texts(theirs[:1]) | texts(ours[:1])
    assert len(ours) == 2


@each_route
def test_full_history_comes_when_asked_for(bench: Bench,
                                           route: str) -> None:
    title = bench.new_page()
    assert bench.send(route, title) == [ImportedPage(title, 0, 2)]
    theirs, ours = (bench.source.history(title), bench.target.history(title))
    assert len(theirs) == 2
    assert texts(ours[1:]) == texts(theirs)
    # On top the one dummy revision by the bot, with the same text.
    assert len(ours) == 3
    assert (ours[0]['user'], ours[0]['sha1']) == ('ImportBot',
                                                  theirs[0]['sha1'])


@each_route
def test_repeat_takes_nothing(bench: Bench, route: str) -> None:
    title = bench.new_page()
    bench.send(route, title)
    before = bench.target.history(title)
    assert bench.send(route, title) == [ImportedPage(title, 0, 0)]
    assert bench.target.history(title) == before
    assert len(bench.target.imports(title)) == 1


def test_missing_source_page_answers_an_empty_list(bench: Bench) -> None:
    assert bench.importer.from_wiki('en', 'No such page') == []


def test_protected_page_is_absent_from_the_answer(bench: Bench) -> None:
    assert bench.importer.from_wiki('en', 'Template:Quote box') == []
    assert bench.target.history('Template:Quote box') == []


@each_route
def test_page_is_absent_when_the_bot_is_blocked(bench: Bench,
                                                route: str) -> None:
    title = bench.new_page()
    bench.target.do('block', user='ImportBot', reason='a test')
    try:
        assert bench.send(route, title) == []
    finally:
        bench.target.do('unblock', user='ImportBot')
    assert bench.target.history(title) == []


def test_templates_brings_what_the_rendering_uses(bench: Bench) -> None:
    title = 'Template:Cite book'
    used = {row['title'] for row in bench.source.all(
        'pages', titles=title, prop='templates',
        tllimit='max')[0]['templates']}
    assert used
    pages = bench.importer.from_wiki('en', title, templates=True)
    assert pages is not None
    assert {page.title for page in pages} == used | {title}


# The parameters that both routes share

@each_route
@pytest.mark.parametrize('number', [0, 4])
def test_namespace_says_where_the_page_goes(bench: Bench, route: str,
                                            number: int) -> None:
    title = bench.new_page('Help:')
    pages = bench.send(route, title, namespace=number)
    start = {0: '', 4: 'Sandbox target:'}[number]
    there = start + title.removeprefix('Help:')
    assert pages == [ImportedPage(there, number, 2)]
    assert len(bench.target.history(there)) == 3
    assert bench.target.history(title) == []


def test_namespace_0_is_no_absent_value_by_the_names_of_the_api(
        bench: Bench) -> None:
    title = bench.new_page('Help:')
    pages = bench.importer.send({'interwikisource': 'en',
                                 'interwikipage': title, 'namespace': 0})
    assert pages == [ImportedPage(title.removeprefix('Help:'), 0, 1)]


@each_route
def test_rootpage_says_where_the_page_goes(bench: Bench,
                                           route: str) -> None:
    title = bench.new_page()
    pages = bench.send(route, title, rootpage='User:Collector')
    assert pages == [ImportedPage(f'User:Collector/{title}', 2, 2)]
    assert bench.target.history(title) == []


@each_route
@pytest.mark.parametrize('summary', [
    'taken over | checked', 'From the old wiki', 'Übernommen – geprüft'])
def test_summary_stands_in_log_and_history(bench: Bench, route: str,
                                           summary: str) -> None:
    title = bench.new_page()
    bench.send(route, title, summary=summary)
    (entry, ) = bench.target.imports(title)
    assert entry['comment'] == summary
    assert bench.target.history(title)[0]['comment'].endswith(f': {summary}')


@each_route
def test_authors_get_the_prefix(bench: Bench, route: str) -> None:
    title = bench.new_page()
    bench.send(route, title)
    users = [row['user'] for row in bench.target.history(title)]
    assert users == ['ImportBot', 'en>Admin', 'en>Admin']


@each_route
def test_assignknownusers_keeps_the_names_of_local_accounts(
        bench: Bench, route: str) -> None:
    title = bench.new_page()
    bench.send(route, title, assign_known_users=True)
    users = [row['user'] for row in bench.target.history(title)]
    assert users == ['ImportBot', 'Admin', 'Admin']


def test_interwikiprefix_need_not_exist(bench: Bench) -> None:
    title = bench.new_page()
    bench.importer.from_xml(io.BytesIO(bench.export(title)), 'oldwiki')
    users = [row['user'] for row in bench.target.history(title)]
    assert users == ['ImportBot', 'oldwiki>Admin', 'oldwiki>Admin']


@each_route
def test_tags_mark_log_entry_and_dummy_revision_only(
        bench: Bench, route: str) -> None:
    title = bench.new_page()
    bench.send(route, title, tags=[TAG])
    (entry, ) = bench.target.all('logevents', list='logevents',
                                 letype='import', letitle=title,
                                 leprop='tags')
    (page, ) = bench.target.all('pages', titles=title, prop='revisions',
                                rvprop='tags', rvlimit='max')
    assert entry['tags'] == [TAG]
    assert [TAG in row['tags'] for row in page['revisions']] == [
        True, False, False]


@each_route
def test_one_request_is_sent_and_seen_as_an_import(bench: Bench,
                                                   route: str) -> None:
    title = bench.new_page()
    before = len(bench.box.target.imports)
    bench.send(route, title)
    assert len(bench.box.target.imports) == before + 1


def test_read_timeout_is_long_during_an_import_only(bench: Bench) -> None:
    before = pywikibot.config.socket_timeout
    seen = []
    with bench.box.target.broken(
            meanwhile=lambda: seen.append(pywikibot.config.socket_timeout),
            cuts=False):
        Importer(bench.site, 321).from_wiki('en', 'No such page')
    assert seen[0][1] == 321
    assert pywikibot.config.socket_timeout == before


@each_route
def test_simulation_sends_nothing(bench: Bench, route: str,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    title = bench.new_page()
    before = len(bench.box.target.imports)
    monkeypatch.setattr(pywikibot.config, 'simulate', True)
    assert bench.send(route, title) is None
    assert len(bench.box.target.imports) == before
    assert bench.target.history(title) == []


# Errors that a wiki gives for what it is asked

HOPPER = {'interwikisource': 'en', 'interwikipage': 'Hopper'}


@pytest.mark.parametrize(('code', 'kind', 'parameters'), [
    ('nointerwikipage', PageParameterError, {'interwikisource': 'en'}),
    ('nointerwikiprefix', NotASourceError, {'interwikipage': 'Hopper'}),
    ('badinterwiki', NotASourceError, {**HOPPER, 'interwikisource': 'zz'}),
    ('badvalue', NotASourceError, {**HOPPER, 'interwikisource': 'xy'}),
    ('badvalue', PageParameterError, {**HOPPER, 'namespace': 777}),
    ('invalidparammix', PageParameterError,
     {**HOPPER, 'namespace': 4, 'rootpage': 'User:X'}),
    ('cantopenfile', FetchError, {**HOPPER, 'interwikipage': '<bad>'}),
    ('nofile', UploadError, {'interwikiprefix': 'en'}),
    ('import-rootpage-invalid', PageParameterError,
     {**HOPPER, 'rootpage': '<bad>'}),
    ('import-rootpage-nosubpage', PageParameterError,
     {**HOPPER, 'rootpage': 'Main Page'}),
    ('badtags', TagError, {**HOPPER, 'tags': ['nonsense']}),
])
def test_error_carries_code_page_sentence_and_hint(
        bench: Bench, code: str, kind: type[ImportRefusedError],
        parameters: dict[str, Any]) -> None:
    bot = ACCOUNTS['bot']
    raw = Client(bench.box.target_base, bot.name, bot.password)
    token = raw.get(meta='tokens')['tokens']['csrftoken']
    said = raw._send(action='import', token=token, **parameters)['error']
    error = bench.refused(lambda: bench.importer.send(parameters))
    assert type(error) is kind
    assert (error.code, error.info) == (said['code'], said['info'])
    assert error.code == code
    assert error.page == parameters.get('interwikipage', 'the uploaded file')
    assert error.hint
    for part in (code, error.page, error.info.rstrip('. '), error.hint):
        assert part in str(error)


def test_right_is_missing(bench: Bench) -> None:
    revoked = {'importer': {'import': True, 'importupload': True}}
    with bench.settings(wgRevokePermissions=revoked):
        by_interwiki = bench.refused(lambda: bench.send('interwiki',
                                                        'Hopper'))
        by_upload = bench.refused(lambda: bench.send('upload', 'Hopper'))
    assert (type(by_interwiki), by_interwiki.code) == (NotAllowedError,
                                                       'cantimport')
    assert '"import"' in by_interwiki.hint
    assert (type(by_upload), by_upload.code) == (NotAllowedError,
                                                 'cantimport-upload')
    assert '"importupload"' in by_upload.hint


def test_right_to_tag_is_missing(bench: Bench) -> None:
    with bench.settings(wgRevokePermissions={
            'user': {'applychangetags': True}}):
        error = bench.refused(lambda: bench.send('interwiki', 'Hopper',
                                                 tags=[TAG]))
    assert (type(error), error.code) == (TagError,
                                         'tags-apply-no-permission')
    assert '"applychangetags"' in error.hint


def test_blocked_bot_may_not_tag(bench: Bench) -> None:
    bench.target.do('block', user='ImportBot', reason='a test')
    try:
        error = bench.refused(lambda: bench.send('interwiki', 'Hopper',
                                                 tags=[TAG]))
    finally:
        bench.target.do('unblock', user='ImportBot')
    assert (type(error), error.code) == (TagError, 'tags-apply-blocked')


def test_wiki_is_read_only(bench: Bench) -> None:
    with bench.settings(wgReadOnly='locked'):
        error = bench.refused(lambda: bench.send('interwiki', 'Hopper'))
    assert (type(error), error.code) == (UnavailableError, 'readonly')


def test_database_lags(bench: Bench,
                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'write_maxlag', -2)
    monkeypatch.setattr(pywikibot.config, 'max_retries', 0)
    error = bench.refused(lambda: bench.send('interwiki', 'Hopper'))
    bench.site.throttle.retry_after = 0
    assert (type(error), error.code) == (UnavailableError, 'maxlag')


@pytest.mark.parametrize(('old', 'new'), [
    (b'mediawiki', b'html'), (b'<model>wikitext', b'<model>unheard-of')])
def test_upload_breaks_off(bench: Bench, old: bytes, new: bytes) -> None:
    xml = bench.export('Hopper').replace(old, new)
    error = bench.refused(
        lambda: bench.importer.from_xml(io.BytesIO(xml), 'en'))
    assert (type(error), error.code) == (ServerFailureError,
                                         'import-unknownerror')


def test_truncated_upload_leaves_its_beginning_on_old_wikis(
        bench: Bench) -> None:
    title = bench.new_page()
    xml = bench.export(title)
    half = xml[:xml.rindex(b'<text')]
    error = bench.refused(
        lambda: bench.importer.from_xml(io.BytesIO(half), 'en'))
    # An exception of MediaWiki or an error of PHP, as the cut falls: only
    # of the latter does a request take back what it has done.
    assert error.code in ('import-unknownerror', 'internal_api_error_Error')
    assert isinstance(error, ServerFailureError)
    left = (bench.box.release == '1.39'
            and error.code == 'import-unknownerror')
    assert len(bench.target.history(title)) == left


def test_odd_author_is_answered_by_http_500_and_rolls_back(
        bench: Bench) -> None:
    title = bench.new_page()
    xml = bench.export(title).replace(b'<username>Admin<',
                                      b'<username>A/B<')
    error = bench.refused(
        lambda: bench.importer.from_xml(io.BytesIO(xml), 'en'))
    assert type(error) is ServerFailureError
    # What it says itself, without its folders.
    assert {'1.39': 'DBTransaction', '1.43': '"A/B"'}[
        bench.box.release] in error.info
    assert str(bench.box.target_tree) not in error.info
    assert 'author name' in error.hint
    assert bench.target.history(title) == []


def _without_end(body: bytes) -> bytes:
    return body[:-40]


def _with_size_limit(body: bytes) -> bytes:
    """Let the form itself set a limit, which PHP obeys as its own."""
    boundary = body[:body.index(b'\n')]
    return (boundary + b'\nContent-Disposition: form-data; '
            b'name="MAX_FILE_SIZE"\n\n10\n' + body)


@pytest.mark.parametrize('alters', [_without_end, _with_size_limit])
def test_upload_arrives_in_part_or_is_too_large(
        bench: Bench, alters: Callable[[bytes], bytes]) -> None:
    with bench.box.target.broken(alters=alters, cuts=False):
        error = bench.refused(lambda: bench.send('upload', 'Hopper'))
    assert (type(error), error.code) == (UploadError, 'badupload')


def _bad_token(body: bytes) -> bytes:
    return re.sub(b'token=[^&]*', b'token=0123%2B%5C', body)


def _no_token(body: bytes) -> bytes:
    return re.sub(b'token=[^&]*', b'', body)


def _other_user(body: bytes) -> bytes:
    return body.replace(b'assert=user', b'assertuser=Somebody')


@pytest.mark.parametrize(('alters', 'code'), [
    (_bad_token, 'badtoken'), (_no_token, 'missingparam'),
    (_other_user, 'assertnameduserfailed')])
def test_session_is_of_no_use(bench: Bench, code: str,
                              alters: Callable[[bytes], bytes]) -> None:
    with bench.box.target.broken(alters=alters, cuts=False, times=2):
        error = bench.refused(lambda: bench.send('interwiki', 'Hopper'))
    assert (type(error), error.code) == (NotAllowedError, code)
    assert 'log in' in error.hint


def test_outdated_token_is_renewed(bench: Bench) -> None:
    title = bench.new_page()
    with bench.box.target.broken(alters=_bad_token, cuts=False):
        assert bench.send('interwiki', title) == [ImportedPage(title, 0, 2)]
    assert len(bench.target.imports(title)) == 1


def test_lost_session_is_renewed(bench: Bench) -> None:
    title = bench.new_page()
    pywikibot.comms.http.session.cookies.clear()
    assert bench.send('interwiki', title) == [ImportedPage(title, 0, 2)]
    assert len(bench.target.imports(title)) == 1


@pytest.mark.parametrize(('status', 'kind'), [
    (403, UnavailableError), (413, UploadError)])
def test_page_of_the_web_server_is_an_answer(
        bench: Bench, status: int, kind: type[ImportRefusedError]) -> None:
    with bench.box.target.broken(status=status, forwards=False):
        error = bench.refused(lambda: bench.send('upload', 'Hopper'))
    assert (type(error), error.code) == (kind, f'http-{status}')
    assert error.hint


@pytest.mark.parametrize('fault', [
    {}, {'status': 502}, {'status': 200}, {'status': 200, 'body': b'{}'},
    {'status': 500}, {'status': 500, 'body': b''}, {'status': 408},
    {'status': 499}, {'status': 524}])
def test_silence_is_no_answer_and_sent_once(bench: Bench,
                                            fault: dict[str, Any]) -> None:
    before = len(bench.box.target.imports)
    with bench.box.target.broken(forwards=False, times=9, **fault), \
            pytest.raises(NoAnswerError) as caught:
        bench.send('interwiki', 'Hopper')
    assert caught.value.page == 'Hopper'
    assert len(bench.box.target.imports) == before + 1


# Where imports are allowed from

def test_sources_are_read_uncached_and_compound(bench: Bench) -> None:
    here = Wiki(bench.site)
    assert here.siteinfo_and_access()[1].sources == ('en', 'zz')
    with bench.settings(wgImportSources={'0': 'en', 'w': ['de', 'fr']}):
        assert here.siteinfo_and_access()[1].sources == ('en', 'w:de',
                                                         'w:fr')
    assert here.siteinfo_and_access()[1].sources == ('en', 'zz')


def test_compound_source_is_found_and_imported_from(bench: Bench) -> None:
    title = bench.new_page()
    source = bench.box.source.base
    for part, prefix in (('target', 'w'), ('source', 'de')):
        bench.box.sql(
            part, 'REPLACE INTO interwiki (iw_prefix, iw_url, iw_api, '
            "iw_wikiid, iw_local, iw_trans) VALUES (:prefix, :url, '', '', "
            '1, 0)', prefix=prefix, url=f'{source}/index.php/$1')
    site_of(bench.box.source)
    with bench.settings(wgImportSources={'0': 'en', 'w': ['de']}):
        here = Wiki(bench.site)
        found = resolve_source(here, here.siteinfo_and_access()[1], 'w:de')
        pages = bench.importer.from_wiki('w:de', title, full_history=True)
    assert found.base_url('/api.php') == f'{source}/api.php'
    assert pages == [ImportedPage(title, 0, 2)]
    users = [row['user'] for row in bench.target.history(title)]
    assert users == ['ImportBot', 'w:de>Admin', 'w:de>Admin']


#: Settings of the target that keep its account from importing from "en",
#: why pages are uploaded then, and what it says of that.
BARS = [
    pytest.param({'wgRevokePermissions': {'importer': {'import': True}}},
                 'no-right', 'lacks the right "import"', id='no right'),
    pytest.param({'wgImportSources': ['zz']}, 'not-a-source',
                 'allows no import from "en"; it allows: zz.',
                 id='not a source'),
    pytest.param({'wgImportSources': []}, 'not-a-source',
                 'has interwiki import switched off', id='switched off')]
barred = pytest.mark.parametrize(('settings', 'because', 'says'), BARS)


def without_uploads(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings that forbid uploads too."""
    revoked = settings.get('wgRevokePermissions', {}).get('importer', {})
    return {**settings, 'wgRevokePermissions': {
        'importer': {**revoked, 'importupload': True}}}


def problems_of(bench: Bench, settings: dict[str, Any],
                policy: Policy) -> list[str]:
    """Return what keeps a run from starting, at least one thing."""
    with bench.settings(**settings), \
            pytest.raises(PreflightError) as caught:
        connect(bench.site, 'en', policy)
    return [*map(str, caught.value.problems)]


@barred
def test_bar_is_explained_as_what_it_is(
        bench: Bench, settings: dict[str, Any], because: str,
        says: str) -> None:
    (problem, ) = problems_of(bench, settings, Policy(via='interwiki'))
    assert says in problem


@barred
def test_bar_is_explained_where_uploads_are_not_allowed_either(
        bench: Bench, settings: dict[str, Any], because: str,
        says: str) -> None:
    settings = without_uploads(settings)
    problem, other = problems_of(bench, settings, Policy())
    assert says in problem
    assert other == (
        'An upload would do without that, but the account '
        'ImportBot lacks the right "importupload".')
    (problem, ) = problems_of(bench, settings, Policy(via='interwiki'))
    assert says in problem
    for policy in (Policy(via='upload'),
                   Policy(before='2020-01-01T00:00:00Z')):
        (problem, ) = problems_of(bench, settings, policy)
        assert 'lacks the right "importupload" on the target' in problem


def test_all_bars_are_explained_at_once(bench: Bench) -> None:
    settings = without_uploads({
        'wgImportSources': [],
        'wgRevokePermissions': {'importer': {'import': True}}})
    found = problems_of(bench, settings, Policy())
    assert len(found) == 3
    for problem, says in zip(found, (
            'lacks the right "import"', 'switched off',
            'lacks the right "importupload"'), strict=True):
        assert says in problem


@barred
def test_bar_is_gone_round_by_an_upload(
        bench: Bench, tmp_path: Path, settings: dict[str, Any],
        because: str, says: str) -> None:
    title, policy = bench.new_page(), Policy(templates='none')
    before = len(bench.box.target.imports)
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    with bench.settings(**settings):
        wikis = connect(bench.site, 'en', policy)
        found = wikis.source_info.title(title)
        assert found
        plan = plan_titles(wikis, [found])
        report = apply_plan(plan, bench.site, journal, transfer=wikis)
    journal.close()
    (page, ) = plan.pages
    assert [(step.action, step.via, step.because)
            for step in page.steps] == [('import', 'upload', because)]
    assert {'kind': 'route', 'because': because, 'page': title,
            'count': 1} in [note.as_json() for note in plan.notes]
    assert report.results == (PageResult(Outcome.VERIFIED, 2), )
    (sent, ) = bench.box.target.imports[before:]
    assert 'interwikipage' not in sent.parameters
    theirs, ours = bench.source.history(title), bench.target.history(title)
    assert texts(ours[1:]) == texts(theirs)
    assert len(ours) == 3


def test_interwiki_comes_first_where_both_are_allowed(bench: Bench) -> None:
    wikis = connect(bench.site, 'en', Policy())
    title = wikis.source_info.title(bench.new_page())
    assert title
    (page, ) = plan_titles(
        wikis.under(Policy(templates='none')), [title]).pages
    assert [(step.via, step.because) for step in page.steps] == [
        ('interwiki', '')]


# Logins

BOT_PASSWORD = 'a' * 32


@pytest.fixture(params=['1.43', '1.39'])
def own_box(request: pytest.FixtureRequest,
            tmp_path: Path) -> Iterator[Box]:
    with Box(tmp_path, release=request.param) as box:
        yield box


def create_bot_password(box: Box, *grants: str) -> None:
    maintenance(box.target_tree, box.folder / 'target' / 'LocalSettings.php',
                'createBotPassword', '--appid', 'tests', '--grants',
                ','.join(grants), 'ImportBot', BOT_PASSWORD)


def logins(box: Box) -> set[str]:
    return {exchange.parameters.get('action', '') for exchange in
            box.target.exchanges} & {'login', 'clientlogin'}


def test_clientlogin_can_import(own_box: Box) -> None:
    pages = Importer(site_of(own_box.target)).from_wiki('en', 'Hopper')
    assert pages == [ImportedPage('Hopper', 0, 1)]
    assert logins(own_box) == {'clientlogin'}


def test_bot_password_with_the_grant_can_import(own_box: Box) -> None:
    create_bot_password(own_box, 'basic', 'import', 'editpage',
                        'createeditmovepage')
    site_of(own_box.source)
    site = site_of(own_box.target, password=f'tests@{BOT_PASSWORD}')
    assert connect(site, 'en', Policy()).access.user == 'ImportBot'
    assert Importer(site).from_wiki('en', 'Hopper') == [
        ImportedPage('Hopper', 0, 1)]
    assert logins(own_box) == {'login'}


def test_bot_password_without_the_grant_is_told_so(own_box: Box) -> None:
    create_bot_password(own_box, 'basic', 'editpage', 'createeditmovepage')
    passwords = own_box.config / 'user-password.py'
    passwords.write_text(passwords.read_text() + (
        "('sandboxtarget', 'ImportBot', BotPassword('tests', "
        f"'{BOT_PASSWORD}'))\n"))
    run, report = own_box.importpages('-page:Hopper')
    assert run.status == 1
    assert 'lacks the right "import"' in run.output
    printed = ' '.join(run.output.split())
    assert 'its grant "import" is needed' in printed
    assert 'lacks the right "importupload"' in printed
    assert report == {}
    assert own_box.target.imports == []
    assert logins(own_box) == {'login'}
