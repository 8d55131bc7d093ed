"""Sentences of a later look at imported pages, in any medium."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from importbot.i18n import message, said
from importbot.model.check_report import CheckedPage, CheckReport, PageState


__all__ = ('findings', 'page_way', 'state_of', 'state_word',
           'summary_sentences')


def state_word(state: PageState, language: str) -> str:
    """Return what a state is called.

    :param language: code of the language
    """
    return message(language, f'check-state-{state.value}')


def state_of(page: CheckedPage, language: str) -> str:
    """Return what the state of a page is called.

    Whether one that no run brought is as it was imported nobody knows.

    :param page: that was looked at
    :param language: code of the language
    """
    if page.run is None and page.state is PageState.INTACT:
        return message(language, 'check-no-damage')
    return state_word(page.state, language)


def findings(page: CheckedPage, language: str) -> str:
    """Return what was found of a page, what is wrong first.

    :param page: that was looked at
    :param language: code of the language
    """
    ordered = sorted(page.findings,
                     key=lambda finding: not finding.kind.is_wrong)
    return '; '.join(said(language, finding.said) for finding in ordered)


def page_way(page: CheckedPage) -> str:
    """Return the title on the source, where it went, and where it is now.

    :param page: that was looked at
    """
    titles = (page.title, page.target, page.home)
    return ' → '.join(dict.fromkeys(filter(None, titles)))


def summary_sentences(report: CheckReport, language: str) -> list[str]:
    """Return the numbers, whether anything is wrong, and what is left out.

    :param report: what was found
    :param language: code of the language
    """
    states = ', '.join(
        f'{word}: {count}' for word, count in Counter(
            state_of(page, language) for page in report.in_order).items())
    if not report.pages:
        lines = [message(language, 'check-nothing')]
    else:
        wrong = len(report.wrong)
        lines = [message(language, 'check-summary', count=report.looked_at,
                         states=states)]
        if wrong:
            lines.append(message(language, 'check-damaged', count=wrong))
        elif report.looked_at:
            lines.append(message(language, 'check-sound'))
    return [*lines, *_left_out(report, language)]


def _left_out(report: CheckReport, language: str) -> Iterator[str]:
    """Yield what was not looked at, and what was not asked."""
    if report.sample is not None and report.arrived:
        yield message(language, 'check-sample', count=report.chosen,
                      share=f'{report.sample:g} %', arrived=report.arrived)
    if report.not_reached:
        yield message(language, 'check-cut', count=report.not_reached)
    if report.running:
        yield message(language, 'check-left-out', runs=', '.join(
            map(str, report.running)))
    for source in report.unasked:
        yield message(language, 'check-unasked', api=source.api,
                      why=said(language, source.why),
                      runs=', '.join(map(str, source.runs)))
