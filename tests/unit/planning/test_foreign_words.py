"""Magic words of a wiki that nobody can ask."""
from __future__ import annotations

from importbot.exports.exported import ExportSiteInfo
from importbot.model.titles import Title
from importbot.sources.dump_pair import _siteinfo
from importbot.wikitext.references import find_references
from tests.kit.references import wiki


def test_functions_of_a_file_are_not_known() -> None:
    """As for a target without Scribunto."""
    base = wiki('en')
    without = type(base)(**{
        **{name: getattr(base, name) for name in (
            'wiki', 'language', 'version', 'magic_words', 'variables')},
        'namespaces': {number: space for number, space
                       in base.namespaces.items() if number < 100},
        'functions': base.functions - {'invoke'}})
    info = _siteinfo(ExportSiteInfo(namespaces={
        0: '', 10: 'Template', 828: 'Module'}), without,
        knows_functions=False)
    found = find_references('{{#invoke:Knot|main}} {{#dpl:category=Ropes}} '
                            '{{#:x}} {{# a:x}} {{Bend}}', 'wikitext',
                            Title(0, 'Rope'), info)
    assert found.titles == {Title(828, 'Knot'), Title(10, 'Bend')}
    assert found.functions - without.functions == {'invoke', 'dpl'}
    # A wiki that is asked tells them all; what it lacks works nowhere.
    found = find_references('{{#dpl:category=Ropes}}', 'wikitext',
                            Title(0, 'Rope'), base)
    assert not found.functions
