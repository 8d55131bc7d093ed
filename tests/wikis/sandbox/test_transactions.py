"""A request to a wiki of the sandbox is one transaction, as anywhere."""
from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from importbot.sandbox.databases import DATABASES
from tests.kit.support import COMMITS_EACH_STATEMENT, RELEASES, Box


BREAKS_ON_THE_SECOND_DAY = """
$wgHooks['ImportHandleRevisionXMLTag'][] = function (
        $importer, $page, $revision ) {
    if ( ( $revision['timestamp'] ?? '' ) === '2015-01-02T00:00:00Z' ) {
        throw new Error( 'an odd thing' );
    }
};
"""


def import_until_it_breaks(box: Box) -> list[int]:
    """Return how many revisions of two pages a broken call leaves."""
    admin, titles = box.on_target(), ('Whole', 'Broken')
    xml = ''.join(
        f'<page><title>{title}</title><ns>0</ns>' + ''.join(
            f'<revision><timestamp>2015-01-0{day}T00:00:00Z</timestamp>'
            '<contributor><username>Quill</username></contributor>'
            f'<text>Day {day}.</text></revision>' for day in days)
        + '</page>' for title, days in zip(titles, ((1, 3), (1, 2)),
                                       strict=True))
    answer = admin.session.post(admin.api, data={
        'action': 'import', 'format': 'json', 'interwikiprefix': 'en',
        'token': admin.get(meta='tokens')['tokens']['csrftoken'],
    }, files={'xml': ('a.xml', f'<mediawiki>{xml}</mediawiki>')})
    assert 'an odd thing' in answer.text
    return [len(admin.history(title)) for title in titles]


@pytest.mark.mariadb
@pytest.mark.parametrize('release', RELEASES)
@pytest.mark.parametrize('database', DATABASES)
def test_broken_call_is_taken_back_whole(tmp_path: Path, release: str,
                                         database: str) -> None:
    with Box(tmp_path, release, empty=True, database=database,
             settings=BREAKS_ON_THE_SECOND_DAY) as box:
        assert import_until_it_breaks(box) == [0, 0]


@pytest.mark.parametrize('database', DATABASES)
def test_flags_of_ones_own_commit_each_statement(tmp_path: Path,
                                                 database: str) -> None:
    with Box(tmp_path, empty=True, database=database,
             settings=BREAKS_ON_THE_SECOND_DAY
             + COMMITS_EACH_STATEMENT) as box:
        assert import_until_it_breaks(box) == [3, 1]


@pytest.mark.mariadb
def test_edits_at_once_wait_for_each_other(database_box: Box) -> None:
    """None of them is told that the database is locked."""
    box = database_box
    clients = [box.on_target() for _ in range(6)]
    revisions: list[int] = []

    def edit(number: int) -> None:
        for count in range(5):
            revisions.append(clients[number].edit(
                f'At once {number}', f'Edit {count}.'))
            clients[number].history(f'At once {(number + 1) % 6}')

    threads = [Thread(target=edit, args=(number, )) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(revisions)) == 30
