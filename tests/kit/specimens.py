"""Small pages for the source wiki, many at once."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from importbot.sandbox.content import SamplePage, export_xml
from importbot.sandbox.php import maintenance
from tests.kit.support import Box


#: By how a full title begins.
NAMESPACES = {'': 0, 'Help:': 12}
#: What follows: a page of one namespace that is imported into the other
#: must not meet its namesake there.
NAMES = {'': 'Specimen', 'Help:': 'Aid'}


def put_specimens(box: Box, count: int, start: str = '',
                  model: str = 'wikitext') -> Iterator[str]:
    """Put pages of two revisions by Admin on the source.

    :param box: the wikis
    :param count: how many pages
    :param start: how their titles begin, see :data:`NAMESPACES`
    :param model: content model; of a third revision between the two if it
        is not wikitext
    :return: their titles
    """
    # In the order of their numbers they are sorted, as in plans.
    titles = [f'{start}{NAMES[start]} {number:03}'
              for number in range(1, count + 1)]
    pages = [SamplePage(
        namespace=NAMESPACES[start], title=title, model='wikitext',
        format='text/x-wiki', text=f'This is {title}.',
        revisions=2 if model == 'wikitext' else 3,
        authors=('Admin', ), reverts=frozenset(),
        first=datetime(2010, 10, 10, 10, 10, 10, tzinfo=timezone.utc),
        last=datetime(2011, 11, 11, 11, 11, 11, tzinfo=timezone.utc))
        for title in titles]
    xml = export_xml(pages)
    if model != 'wikitext':
        xml = re.sub(
            b'(<page>.*?<revision>.*?<revision>.*?<model>)wikitext(?=<)',
            rb'\1' + model.encode(), xml, flags=re.DOTALL)
    maintenance(box.source_tree, box.folder / 'source' / 'LocalSettings.php',
                'importDump', '--no-updates', stdin=xml)
    return iter(titles)
