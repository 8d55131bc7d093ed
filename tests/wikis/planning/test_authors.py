"""In whose names revisions arrive, and that real wikis agree."""
from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from importbot import Importer
from importbot.exports.writer import page_xml, upload_head, upload_xml
from importbot.model.policy import Policy
from importbot.sources.transfer import connect
from tests.kit.authors import BARE, FINE, NASTY, TEMPORARY, authors
from tests.kit.plans import titled
from tests.kit.support import Box, site_of


# The wikis agree

def upload(importer: Importer, start: str, names: list[str],
           **options: Any) -> None:
    """Upload one page for each name, all in one file."""
    pages = [page_xml(titled(f'{start} {number}'), (
        '<revision><timestamp>2010-01-01T00:00:00Z</timestamp><contributor>'
        f'<username>{escape(name)}</username></contributor>'
        f'<text>{number}</text></revision>').encode())
        for number, name in enumerate(names)]
    importer.from_xml(io.BytesIO(upload_xml(upload_head({0: ''}), pages)),
                      'en', **options)


def arrived(box: Box, start: str, names: list[str]) -> dict[str, str]:
    """Return the author of each page, by the name on the source."""
    client = box.on_target()
    return {name: client.history(f'{start} {number}')[-1]['user']
            for number, name in enumerate(names)}


def test_real_wikis_take_the_names_as_foretold(each_box: Box) -> None:
    site_of(each_box.source)
    info = connect(site_of(each_box.target), 'en', Policy()).target_info
    importer = Importer(site_of(each_box.target))
    ours = authors(target=info)

    written = {name: ours.written(name) for name in NASTY}
    upload(importer, 'Nasty', [text or '' for text in written.values()])
    assert all(written.values())
    assert arrived(each_box, 'Nasty', NASTY) == {
        name: ours.becomes(name) for name in NASTY}

    names = FINE + BARE
    assert ours.odd(names) == []
    upload(importer, 'Fine', names)
    assert arrived(each_box, 'Fine', names) == {
        name: ours.becomes(name) for name in names}

    assert ours.odd(TEMPORARY) == []
    upload(importer, 'Temporary', TEMPORARY)
    # 1.39 does not know such accounts.
    prefix = {'1.39': 'en>', '1.43': ''}[each_box.release]
    assert arrived(each_box, 'Temporary', TEMPORARY) == {
        name: prefix + name for name in TEMPORARY}

    file = authors('file', target=info, Anna='Admin', Berta='Nobody here')
    names = ['Anna', 'Admin', 'Berta', 'Carla', '192.0.2.1', 'A/B']
    upload(importer, 'File', [file.written(name) or name for name in names],
           assign_known_users=True)
    # A name of the file without an account cannot be written bare.
    assert arrived(each_box, 'File', names) == {
        **{name: file.becomes(name) for name in names},
        'Berta': 'en>Nobody here'}
