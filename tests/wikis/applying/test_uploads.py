"""Uploads: orders, parts, sizes, attribution, and what a wiki says of it.
"""
from __future__ import annotations

import re
from typing import Any

import pytest

from importbot import Journal, Policy
from importbot.model.upload_size import WISH
from importbot.planning.batches import batches_of
from importbot.planning.plan import plan_titles
from importbot.sandbox.php import LIMITS
from tests.kit.histories import fill_source
from tests.kit.support import (
    Box,
    by_title,
    texts,
    transfer_of,
    write_histories,
)


HISTORY = [(f'2020-01-01T00:{number // 60:02}:{number % 60:02}Z',
            f'Revision {number} of many. ' + 'x' * 4000)
           for number in range(600)]


@pytest.fixture(scope='module')
def small_box(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two wikis, the target with PHP's own limits."""
    limits = dict(zip(LIMITS[::2], LIMITS[1::2], strict=True))
    assert limits, 'there are limits to lift'
    found = Box(tmp_path_factory.mktemp('small'),
                php=('-d', 'upload_max_filesize=2M', '-d',
                     'post_max_size=8M'))
    write_histories(found.source_tree, found.folder / 'source', 'old',
                    {'Much': HISTORY, 'Little': HISTORY[:2],
                     'Little too': HISTORY[:3]})
    yield found
    found.close()


def test_page_goes_in_parts_where_php_takes_2_mb(small_box: Box) -> None:
    run, report = small_box.importpages('-page:Much', '-via:upload')
    assert run.status == 0, run.output
    source, target = small_box.on_source(), small_box.on_target()
    assert texts(source.history('Much')) <= texts(target.history('Much'))
    assert target.text('Much') == source.text('Much')
    sent = len(target.imports('Much'))
    assert 2 <= sent <= 3
    # One more was refused as a whole, and taught the size.
    assert len(small_box.target.imports_done) == sent + 1
    journal = Journal(str(small_box.config / 'importbot.sqlite'))
    assert 2_000_000 <= journal.upload_size(
        f'{small_box.target.base}/api.php').most <= 2_097_152
    journal.close()


def test_what_was_learnt_spares_the_refusal(small_box: Box) -> None:
    before = len(small_box.target.imports_done)
    run, report = small_box.importpages(
        '-page:Much', '-via:upload', '-rootpage:Project:Again')
    assert run.status == 0, run.output
    title = by_title(report)['Much']['target']
    assert len(small_box.target.imports_done) - before == len(
        small_box.on_target().imports(title))


def test_order_of_time_is_on_hold_where_it_does_not_fit(
        small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Much', '-via:upload', '-order:time',
        '-rootpage:Project:In time')
    assert run.status == 3, run.output
    assert by_title(report)['Much']['reason'] == 'time-order'


def test_small_pages_share_an_upload_and_its_summary_is_true_of_each(
        small_box: Box) -> None:
    before = len(small_box.target.imports_done)
    run, report = small_box.importpages('-page:Little', '-page:Little too',
                                        '-via:upload')
    assert run.status == 0, run.output
    assert len(small_box.target.imports_done) == before + 1
    target = small_box.on_target()
    summary = f'Import from [[:en:]], same titles, run {report["run"]}'
    for title in ('Little', 'Little too'):
        assert target.imports(title)[0]['comment'] == summary
        assert summary in target.history(title)[0]['comment']
    for line in ([f'{report["run"]}'], [f'-run:{report["run"]}']):
        assert small_box.pwb('importundo', *line, '-simulate').status in (
            0, 3)
        assert 'Little too' in small_box.pwb('importruns', *line).output


def test_summary_of_the_operator_stands_behind_the_attribution(
        small_box: Box) -> None:
    small_box.importpages('-page:Little', '-via:upload', '-summary:As asked',
                          '-rootpage:Project:Said')
    comment = small_box.on_target().imports(
        'Sandbox target:Said/Little')[0]['comment']
    assert re.search(r'\[\[:en:Little\]\].*\d: As asked$', comment)


def test_before_cuts_the_history(small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Much', '-before:2020-01-01T00:00:29Z',
        '-rootpage:Project:Before')
    assert run.status == 0, run.output
    page = by_title(report)['Much']
    assert page['steps'][0]['because'] == 'before'
    assert page['revisions'] == 30
    target = small_box.on_target()
    assert len(target.history(page['target'])) == 31
    assert target.text(page['target']).startswith('Revision 29 ')
    run, report = small_box.importpages(
        '-page:Much', '-before:2019-01-01T00:00:00Z',
        '-rootpage:Project:Too early')
    assert by_title(report)['Much']['reason'] == 'no-revision'
    assert run.status == 1


def test_page_gets_its_title_in_the_upload(small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Little', '-via:upload', '-targettitle:Help:Elsewhere')
    assert run.status == 0, run.output
    page = by_title(report)['Little']
    assert [step['action'] for step in page['steps']] == ['import']
    assert len(small_box.on_target().history('Help:Elsewhere')) == 3


def test_batches_hold_what_fits(small_box: Box) -> None:
    wikis = transfer_of(small_box)
    policy = Policy(via='upload', templates='used')
    plan = plan_titles(wikis.under(policy), [wikis.source_info.title('Rover')])
    batches = list(batches_of(plan.pages, WISH))
    assert sorted(str(page.title) for batch in batches for page in batch) == (
        sorted(str(page.title) for page in plan.pages))
    assert len(plan.pages) > 10 and len(batches) < len(plan.pages) / 10


# A revision that can never fit

TOO_LARGE = [('2020-01-01T00:00:00Z', 'small'),
             ('2020-01-01T00:00:01Z', '<' * 900_000),
             ('2020-01-01T00:00:02Z', 'small again')]


def test_revision_that_never_fits_keeps_all_of_its_page_back(
        small_box: Box) -> None:
    # Escaped it is 3.6 MB; as a text it is well below 2 MB.
    fill_source(small_box, [('Heavy', TOO_LARGE)])
    run, report = small_box.importpages('-page:Heavy', '-via:upload')
    assert run.status == 1, run.output
    page = by_title(report)['Heavy']
    assert page['outcome'] == 'rejected'
    assert 'can never fit' in page['error']
    assert small_box.on_target().history('Heavy') == []


def test_text_larger_than_the_target_takes_is_refused(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    with Box(tmp_path_factory.mktemp('articles'),
             settings='$wgMaxArticleSize = 10;') as found:
        fill_source(found, [('Long text', [
            ('2020-01-01T00:00:00Z', 'x' * 20_000),
            ('2020-01-01T00:00:01Z', 'short')])])
        for via in ('upload', 'interwiki'):
            run, report = found.importpages('-page:Long text',
                                            f'-via:{via}')
            assert run.status == 1, run.output
            page = by_title(report)['Long text']
            assert (page['decision'], page['reason']) == (
                'refuse', 'too-large')
        run, report = found.importpages('-page:Long text',
                                        '-history:current')
        assert run.status == 0, run.output


# Pages that the target has

@pytest.mark.parametrize(('policy', 'text'), [
    ('update', 'here'), ('force', 'Revision 1'), ('keep', 'here')])
def test_uploads_keep_to_the_policies(small_box: Box, policy: str,
                                      text: str) -> None:
    title = f'Had {policy}'
    fill_source(small_box, [(title, HISTORY[:2])])
    target = small_box.on_target()
    target.edit(title, 'written here')
    run, report = small_box.importpages(
        f'-page:{title}', '-via:upload', f'-existingpages:{policy}')
    assert run.status == 0, run.output
    assert text in target.text(title)
    page = by_title(report)[title]
    if policy == 'update':
        assert page['reason'] == 'local-changes'
        assert len(target.history(title)) == 1
    else:
        assert page['outcome'] == 'verified'
        assert texts(small_box.on_source().history(title)) <= texts(
            target.history(title))


# Authors

@pytest.fixture
def authored(small_box: Box, request: pytest.FixtureRequest) -> str:
    """A page by Anna and Bertha, new for each test."""
    title = f'By two {abs(hash(request.node.name)) % 10 ** 6}'
    xml = ''.join(
        f'<revision><timestamp>2020-01-01T00:00:0{number}Z</timestamp>'
        f'<contributor><username>{name}</username></contributor>'
        f'<text>{number}</text></revision>'
        for number, name in enumerate(('Anna', 'Bertha', 'Anna')))
    from importbot.sandbox.php import maintenance
    for tree, part in ((small_box.source_tree, 'source'), ):
        for name in ('Anna', 'Bertha'):
            maintenance(tree, small_box.folder / part / 'LocalSettings.php',
                        'createAndPromote', '--force', name, 'x' * 20)
        maintenance(
            tree, small_box.folder / part / 'LocalSettings.php',
            'importDump', '--no-updates', stdin=(
                '<mediawiki><siteinfo><namespaces><namespace key="0"/>'
                f'</namespaces></siteinfo><page><title>{title}</title>{xml}'
                '</page></mediawiki>').encode())
    maintenance(small_box.target_tree,
                small_box.folder / 'target' / 'LocalSettings.php',
                'createAndPromote', '--force', 'Anna', 'x' * 20)
    maintenance(small_box.target_tree,
                small_box.folder / 'target' / 'LocalSettings.php',
                'createAndPromote', '--force', 'Bertha from here', 'x' * 20)
    return title


def authors_of(box: Box, title: str) -> list[str]:
    return sorted(row['user'] for row in box.on_target().history(title)[1:])


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
def test_local_authors_are_warned_of(small_box: Box, authored: str,
                                     via: str) -> None:
    run, report = small_box.importpages(
        f'-page:{authored}', f'-via:{via}', '-assignknownusers')
    assert run.status == 0, run.output
    assert authors_of(small_box, authored) == ['Anna', 'Anna', 'en>Bertha']
    notes = {note['kind']: note for note in report['notes']}
    # Nothing but their own counting do these wikis have.
    assert notes['unproved']['names'] == ['Anna']
    assert 'on both wikis, 1: Anna' in ' '.join(run.output.split())
    assert {row['name']: (row['becomes'], row['edits'])
            for row in notes['authors']['authors']} == {
        'Anna': ('Anna', 2), 'Bertha': ('en>Bertha', 1)}


def test_authors_by_a_file(small_box: Box, authored: str) -> None:
    names = small_box.folder / 'names.txt'
    names.write_text('Bertha = Nobody of this name\n')
    run, _report = small_box.importpages(f'-page:{authored}',
                                         f'-authors:{names}')
    assert run.status == 1
    assert 'Nobody of this name' in run.output
    names.write_text('# who is who\nBertha = Bertha from here\n')
    run, report = small_box.importpages(f'-page:{authored}',
                                        f'-authors:{names}')
    assert run.status == 0, run.output
    assert by_title(report)[authored]['steps'][0]['because'] == 'authors'
    # Anna has an account here, and the file does not name her.
    assert authors_of(small_box, authored) == [
        'Bertha from here', 'en>Anna', 'en>Anna']


def test_other_prefix(small_box: Box, authored: str) -> None:
    run, _report = small_box.importpages(
        f'-page:{authored}', '-via:upload', '-interwikiprefix:w:simple')
    assert run.status == 0, run.output
    assert authors_of(small_box, authored) == [
        'w:simple>Anna', 'w:simple>Anna', 'w:simple>Bertha']


def test_short_history_that_must_be_split_goes_in_the_fast_order(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    # The first upload is refused, and only that tells.
    with Box(tmp_path_factory.mktemp('short'), php=(
     '-d', 'upload_max_filesize=2M', '-d', 'post_max_size=8M')) as found:
        fill_source(found, [('Five', [
            (f'2020-01-01T00:00:0{number}Z', f'{number}' + 'x' * 1_000_000)
            for number in range(5)])])
        run, report = found.importpages('-page:Five', '-via:upload')
        assert run.status == 0, run.output
        assert texts(found.on_source().history('Five')) <= texts(
            found.on_target().history('Five'))
        assert found.on_target().text('Five').startswith('4')
