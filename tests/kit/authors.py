"""Names of authors of all kinds, and a wiki where they arrive."""
from __future__ import annotations

from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.rules.authors import Authors


__all__ = ('BARE', 'FINE', 'NASTY', 'TARGET', 'TEMPORARY', 'authors')

TARGET = SiteInfo('w', 'en', '1.43.9', {
    namespace.id: namespace for namespace in (
        Namespace(0, ''), Namespace(1, 'Talk', 'Talk'),
        Namespace(2, 'User', 'User'), Namespace(4, 'Wiki', 'Project'),
        Namespace(6, 'File', 'File', aliases=('Image', )))},
    interwiki_prefixes=frozenset({'en', 'w'}))

#: Names that no importer may see bare.
NASTY = [
    '', 'A/B', '/', 'Bad#name', '#', 'a<b', 'a|b', '[[a]]',
    '{{a}}', 'talk:Foo', 'Talk :Foo', 'talk_:Foo', 'Project:Foo',
    'IMAGE:Foo', 'User:Anna', 'en:Foo',
    'EN:Foo', 'en :Foo', ':Foo', '::ffff:192.0.2.1', '~~~', 'a~~~b',
    '~Foo', '~', '~2025', '__', ' ', ' Foo', 'Foo ', '_Foo', '.', '..',
    './x', '127.0.0.1/24', '192.0.2.1-192.0.2.9', '192.0.2.1 - 192.0.2.9',
    '::1-::2', '::/64', 'A%41', '&amp;', '&#65;', '>Foo', 'a\u200bb',
    'a\u202eb', 'a\u0085b', 'a\u2028b', 'a\ue000b', 'a\ufffdb', 'x' * 253,
    'é' * 127, '日' * 300, '/' * 252, '/' * 253]

#: Names that go bare and get the prefix from the importer.
FINE = [
    'Anna', 'anna', 'Anna_B', 'A  B', 'A\u00a0B', 'A\u3000B', '0', 'A~~B',
    'A%zz', 'AT&T', 'A & B; C', '...', '.a', 'Foo:Bar', 'Foo: Talk:Bar',
    'Talk', 'en', 'a@b.c', 'A"B', "O'Neil", 'A\\B', '*', 'A+B=C', 'A?B!',
    '$1', '日本語', '😀', 'É', 'ß', 'ǆ', 'שלום', 'a\u00adb', 'Enya:Foo',
    'fe80::1%eth0', '1.2.3', 'A-B', 'x' * 252, 'é' * 126]

#: Names that stay as they are, whatever the prefix.
BARE = ['192.0.2.1', '300.300.300.300', '192.0.2.xxx',
        '2001:DB8:0:0:0:0:0:1', '0:0:0:0:0:0:0:1', 'fr>Foo', 'fr>A/B',
        'fr>', 'w:de>Anna', '<b>', 'Conversion script', 'Maintenance script']

TEMPORARY = ['~2025-12', '~2025-12345-6']


def authors(mode: str = 'prefix', prefix: str = 'en',
            target: SiteInfo = TARGET, **mapping: str) -> Authors:
    return Authors(mode, prefix, mapping, target)
