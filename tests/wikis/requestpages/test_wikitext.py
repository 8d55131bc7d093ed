"""Real wikis see the same templates as we do."""
from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from tests.kit.support import Box
from tests.kit.wikitext import SEEN


def source(node: ElementTree.Element) -> str:
    """Return the wikitext of a node of the preprocessor's tree."""
    inner = node.text or ''
    for child in node:
        start = '|' if child.tag == 'part' else ''
        inner += start + source(child) + (child.tail or '')
    around = {'template': ('{{', '}}'), 'tplarg': ('{{{', '}}}')}
    if node.tag == 'ext':
        parts = {child.tag: child.text or '' for child in node}
        end = (f'>{parts["inner"]}{parts.get("close", "")}'
               if 'inner' in parts else '/>')
        return f'<{parts["name"]}{parts["attr"]}{end}'
    start, end = around.get(node.tag, ('', ''))
    return start + inner + end


def templates_of_the_wiki(node: ElementTree.Element) -> Iterator[str]:
    for child in node:
        title = child.find('title') if child.tag == 'template' else None
        name = None if title is None else ''.join([
            title.text or '', *(part.tail or '' if part.tag == 'comment'
                                else '<>' for part in title)])
        if name is not None and name.strip() == 'T':
            yield source(child)
        else:
            yield from templates_of_the_wiki(child)


def test_real_wikis_see_the_same_templates(each_box: Box) -> None:
    client = each_box.on_target()
    for text, expected in SEEN.items():
        tree = client._send(action='expandtemplates', text=text,
                            prop='parsetree')['expandtemplates']['parsetree']
        seen = list(templates_of_the_wiki(ElementTree.fromstring(tree)))
        assert seen == expected, text
