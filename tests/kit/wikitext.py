"""Wikitext that is easily misread."""
from __future__ import annotations


__all__ = ('LINKS', 'PIECES', 'SEEN', 'STAYING', 'TRANSFORMED')

#: What means something somewhere in wikitext.
PIECES = [
    '[[', ']]', '[', ']', '{{', '}}', '{{{', '}}}', '{|', '|}', '|-', '|',
    '||', '!!', '!', '<', '>', '</', '<!--', '-->', '<nowiki>', '</nowiki>',
    '<pre>', '<ref>', '</div>', '<br>', '</table>', "''", "'''", "'", '=',
    '==', '*', '#', ':', ';', ' ', '\n', '\r\n', '----', '-', '-{', '}-',
    '~~~', '~~~~', '~', '__TOC__', '_', '&', '&amp;', '&#91;', '&nbsp;', '//',
    'http:', 'https://example.org', 'ftp://a', 'mailto:', 'mailto:a@b.c',
    'news:a', 'tel:1', 'xmpp:a', 'sips:a', 'matrix:a', 'urn:a', 'geo:1,2',
    'MAILTO:', 'ISBN 0123456789', 'RFC 7', '#REDIRECT', 'subst:', 'a', 'é',
    '\u200f', '日本', '\t', 'Category:', 'File:', 'wiki', '%5B', '"', '\\',
    '{{fullurl:', 'x="y"']

#: What every MediaWiki carries out when a text is saved.
TRANSFORMED = [
    'a ~~~~ b', '~~~', '~~~~~', '{{subst:PAGENAME}}', '{{ SUBST:PAGENAME}}',
    '{{safesubst:PAGENAME}}', '[[Foo (bar)|]]', '[[|Baz]]',
    '<noinclude>~~~~</noinclude>', '<includeonly>~~~~</includeonly>']

#: Wikitext with the templates of the name T that the wiki sees there,
#: outermost ones only.
SEEN = {
    'a {{T}} b': ['{{T}}'],
    '{{ T\n|a\n}}': ['{{ T\n|a\n}}'],
    '{{T|a}}{{T|b}}': ['{{T|a}}', '{{T|b}}'],
    '{{TT}} {{T T}} {{}} {{|T}} {{ }}': [],
    # Nested ones
    '{{T|{{U|{{V}}}}}}': ['{{T|{{U|{{V}}}}}}'],
    '{{T|{{T}}}}': ['{{T|{{T}}}}'],
    '{{U|{{T}} {{T|a}}}}': ['{{T}}', '{{T|a}}'],
    '{|\n|{{T}}\n|}': ['{{T}}'],
    '{{T{{U}}}}': [],
    '{{{{U}}T}}': [],
    '{{U|{{T|a}}': ['{{T|a}}'],
    '{{T|{{U}}': [],
    '{{T|{{U}} {{T}}': ['{{T}}'],
    # Braces
    '{{T}': [],
    '{T}}': [],
    '{{T}x}}': [],
    '{{T}x|a}}': [],
    '{{T|a}b}}': ['{{T|a}b}}'],
    '{{{T}}': ['{{T}}'],
    '{{T}}}': ['{{T}}'],
    '{{{T}}}': [],
    '{{{{T}}}}': [],
    '{{{{{T}}}}}': [],
    '{{{{{T}}|a}}}': ['{{T}}'],
    '{{{{{T|a}}}}}': [],
    '{{{{T}}|a}}': ['{{T}}'],
    '{{T|{{{a|}}}}}': ['{{T|{{{a|}}}}}'],
    '{{T|{{{a}}': [],
    '{{T|a}}}}': ['{{T|a}}'],
    # Links
    '{{T|[[a]]}}': ['{{T|[[a]]}}'],
    '{{T|[[a|b}}]]}}': ['{{T|[[a|b}}]]}}'],
    '{{T|[[a}}': [],
    '{{T|a]]}}': ['{{T|a]]}}'],
    '{{T|[a}}': ['{{T|[a}}'],
    '{{T|[[[a]]}}': ['{{T|[[[a]]}}'],
    '{{T|[[[[a]]}}': [],
    '{{T[[a]]}}': [],
    '[[a {{T}}': ['{{T}}'],
    '[[a {{T|]] }}': ['{{T|]] }}'],
    '[[{{T}}]]': ['{{T}}'],
    # Comments are nothing, and tags are something.
    '{{T<!-- a -->}}': ['{{T<!-- a -->}}'],
    '{{<!-- }} -->T<!--|-->|a}}': ['{{<!-- }} -->T<!--|-->|a}}'],
    '{{T|<!-- a }}': [],
    '<!-- {{T}} -->{{T}}': ['{{T}}'],
    '{{T|<!-- {{ --> }}': ['{{T|<!-- {{ --> }}'],
    '{<!-- -->{T}}': [],
    '{{<nowiki/>T}}': [],
    '{{T<nowiki/>|a}}': [],
    '{{T|<nowiki>}}</nowiki>}}': ['{{T|<nowiki>}}</nowiki>}}'],
    '<nowiki>{{T}}</nowiki>': [],
    '<NOWIKI a>{{T}}</nowiki >': [],
    '<nowiki>{{T}}': ['{{T}}'],
    '<nowiki {{T}}': ['{{T}}'],
    '<nowiki/>{{T}}</nowiki>': ['{{T}}'],
    '<nowiki/a>{{T}}</nowiki>': ['{{T}}'],
    '<nowikis>{{T}}</nowikis>': ['{{T}}'],
    '<nowiki>{{T}}</nowiki {{T}}': ['{{T}}', '{{T}}'],
    '<pre>{{T}}</pre> {{T}}': ['{{T}}'],
    '<pre>{{T}}<nowiki></pre></nowiki>': [],
    ' {{T}}': ['{{T}}'],
    '<includeonly>{{T}}</includeonly>': [],
    '{{T}}<includeonly>{{T}}': ['{{T}}'],
    '<noinclude>{{T}}</noinclude>': ['{{T}}'],
    '<onlyinclude>{{T}}</onlyinclude> {{T}}': ['{{T}}', '{{T}}'],
    # Headings end with their line, and the braces in it with them.
    '{{T|\n== a }}\n}}': ['{{T|\n== a }}\n}}'],
    '{{T|\n== a }}': [],
    '{{T|a\n= b }}': ['{{T|a\n= b }}'],
    '== {{T}} ==': ['{{T}}'],
    '== {{T|a\n}} ==': ['{{T|a\n}}'],
    '== [[a ==\n{{T}}': ['{{T}}'],
    '{{T|a\n}} == b': ['{{T|a\n}}'],
}

#: Links that put a page into a category.
LINKS = (
    '[[Category:Mars]]', '[[Kategorie:Mars]]', '[[category: Mars|Rover]]',
    '[[ KATEGORIE : Mars ]]', '[[Category:Mars|{{PAGENAME}}]]',
    '[[Category:{{{1|Mars}}}]]', '[[Category:Mars|a\nb]]',
    '[[Category:Mars#Moons]]', '[[Kategorie:Mars|{{#if:{{{1}}}|a|b}}]]',
    '[[Category:Mars|<nowiki>]]</nowiki>]]',
    '[[Category:{{{1|{{{2|Mars}}}}}}]]')
#: What does not, though it looks like it.
STAYING = (
    '[[:Category:Mars]]', '[[ :Category:Mars]]', '[[:Kategorie:Mars|x]]',
    '<nowiki>[[Category:Mars]]</nowiki>', '<!-- [[Category:Mars]] -->',
    '<pre>[[Category:Mars]]</pre>', '<!-- [[Category:Mars]]',
    '<syntaxhighlight lang="x">[[Category:Mars]]</syntaxhighlight>',
    '<ref><nowiki>[[Category:Mars]]</nowiki></ref>',
    '[[Mars]]', '[[Categories:Mars]]', '[[Category]]', '[[Category:]]',
    '[[Category:Mars', '[[Category:Mars]', '[Category:Mars]',
    '[[[Category:Mars]]]', '[[Category:A\nB]]', '[[Category:<b>]]',
    '[[de:Category:Mars]]', '[[Media:Category:Mars.jpg]]',
    '[[w:Category:Mars]]', '#REDIRECT [[Category:Mars]]',
    '#WEITERLEITUNG [[Kategorie:Mars]]')
