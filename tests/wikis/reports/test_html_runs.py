"""The scripts write HTML: of plans, runs and simulations on real wikis."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import html as trees

from importbot.i18n import message
from tests.kit.html_reports import section, words
from tests.kit.support import Box, by_title


def read(path: Path) -> Any:
    return trees.document_fromstring(path.read_text('utf-8'))


def rows(shown: Any) -> dict[str, list[str]]:
    """Return the rows of the table by the title on the source."""
    return {row.find('th//bdi').text_content(): [
        words(cell) for cell in row] for row in shown.xpath(
        '//table[@id="pages"]/tbody/tr')}


def test_plan_shows_what_stands_against_what(box: Box) -> None:
    path = box.folder / 'plan.html'
    run = box.pwb('importpages', '-source:en', '-page:Rover', '-existing:ask',
                  f'-plan:{path}')
    assert run.status == 2, run.output
    assert f'Written: {path}' in run.output
    shown = read(path)
    assert 'Plan of an import from en' in words(shown.find('.//h1'))
    held = rows(shown)['Template:Convert']
    assert held[3] == 'on hold' and 'unrelated' in held[4]
    compared = section(shown, 'eyes')
    assert [words(node) for node in compared.xpath(
        './/li[.//details]/a')] == ['Template:Convert']
    ours = box.on_target().text('Template:Convert').split('\n')[0]
    assert ours in words(compared)
    # The same lines as on the terminal.
    assert f'-{ours}' in run.output
    facts = words(section(shown, 'asked'))
    assert '-existing:ask' in facts
    assert message('en', 'html-planned') in facts
    assert message('en', 'html-started') not in facts


def test_run_is_told_in_html_and_json_alike(box: Box) -> None:
    path = box.folder / 'run.html'
    others = [path.with_suffix(end) for end in ('.wiki', '.txt')]
    run, report = box.importpages('-page:Rover', f'-report:{path}', *(
        f'-report:{other}' for other in others))
    assert run.status == 0, run.output
    for other in others:
        text = other.read_text('utf-8')
        assert [page for page in report['pages']
                if page['title'] not in text] == []
        assert '54 imported and checked' in text
    shown = read(path)
    found = rows(shown)
    assert list(found) == [page['title'] for page in report['pages']]
    for title, page in by_title(report).items():
        row = found[title]
        assert row[3] == message('en', f'decision-{page["decision"]}')
        assert row[7].startswith(message('en',
                                         f'outcome-{page["outcome"]}'))
        if page['imported']:
            assert str(page['imported']) in row[7]
    assert message('en', 'overview-well', counts='').strip() in words(
        shown.find('.//header'))
    facts = words(section(shown, 'asked'))
    for key in ('html-started', 'html-ended', 'html-duration'):
        assert message('en', key) in facts
    # Pages that were sent say when.
    assert shown.xpath('//tr[@data-decision="import"]//time')
    links = shown.xpath('(//tr[@data-decision="import"])[position() < 6]'
                        '//a/@href[starts-with(., "http")]')
    assert len(links) == 5 * 5
    for link in links:
        assert box.on_target().session.get(link).status_code == 200
    assert len(shown.xpath('//*[@id="drawing"]/a')) == len(report['pages'])
    assert words(section(shown, 'authors'))
    assert 'Status/' in words(section(shown, 'unresolved'))


def test_simulation_is_a_plan(box: Box) -> None:
    path = box.folder / 'simulated.htm'
    run = box.pwb('importpages', '-source:en', '-page:Lander', '-simulate',
                  f'-report:{path}')
    assert 'Simulation' in run.output
    assert 'Plan of an import' in words(read(path).find('.//h1'))


def test_dump_has_no_addresses_on_its_side(box: Box) -> None:
    dump = box.folder / 'dump.xml'
    dump.write_text(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
        '<siteinfo><namespaces><namespace key="0"/></namespaces></siteinfo>'
        '<page><title>&lt;b&gt; no title</title><ns>0</ns>'
        '<revision><id>1</id><timestamp>2020-01-01T00:00:00Z</timestamp>'
        '<contributor><username>Anna</username></contributor>'
        '<text>x</text></revision></page>'
        '<page><title>From a dump</title><ns>0</ns>'
        '<revision><id>2</id><timestamp>2020-01-01T00:00:00Z</timestamp>'
        '<contributor><username>Anna &lt;i&gt;</username></contributor>'
        '<text>x</text></revision></page></mediawiki>')
    path = box.folder / 'dump.html'
    run = box.pwb('importdump', '-interwikiprefix:en', '-always', dump.name,
                  f'-report:{path}')
    assert path.exists(), run.output
    shown = read(path)
    found = rows(shown)
    assert 'From a dump' in found
    assert not shown.xpath('//table[@id="pages"]//th//a')
    assert shown.xpath('//table[@id="pages"]//td//a')
    assert 'Anna <i>' in words(section(shown, 'authors'))
    assert not shown.xpath('//i')


def test_words_are_those_of_whoever_runs_the_bot(box: Box) -> None:
    config = box.folder / 'german'
    config.mkdir()
    for name in ('user-config.py', 'user-password.py'):
        (config / name).write_bytes((box.config / name).read_bytes())
        (config / name).chmod(0o600)
    with (config / 'user-config.py').open('a') as lines:
        lines.write("userinterface_lang = 'de'\n")
    path = box.folder / 'deutsch.html'
    run = box.pwb('importpages', '-source:en', '-page:Rover',
                  f'-plan:{path}', config=config)
    assert path.exists(), run.output
    shown = read(path)
    assert shown.get('lang') == 'de'
    assert message('de', 'html-asked') in words(shown)
