"""Plans as values: same decisions, same identity, same bytes."""
from __future__ import annotations

import json
from dataclasses import replace

from importbot.model.codec import planned_pages_from_json
from importbot.model.decisions import Decision, Outcome, Reason
from importbot.model.plan import Plan, as_text
from importbot.model.report import PageResult, Report
from tests.kit.plans import IMPORT, NEWEST, PLAN, SKIP


def test_documented_form_of_a_plan() -> None:
    data = PLAN.as_json()
    assert sorted(data) == ['id', 'notes', 'options', 'pages', 'schema',
                            'source', 'summary', 'target', 'unresolved']
    assert data['schema'] == 1
    assert data['source'] == {'prefix': 'en', 'api': 'http://a/api.php',
                              'wiki': 'a'}
    assert data['target'] == {'api': 'http://b/api.php', 'wiki': 'b',
                              'user': 'Bot'}
    assert data['summary'] == {'import': 1, 'skip': 1, 'hold': 0,
                               'refuse': 0}
    assert sorted(data['pages'][0]) == [
        'bytes', 'decision', 'evidence', 'latest', 'model', 'needed_by',
        'ns', 'reason', 'relation', 'revisions', 'role', 'sha1', 'steps',
        'target', 'title']
    assert [(page['revisions'], page['bytes'])
            for page in data['pages']] == [(None, None), (2, 345)]
    assert data['pages'][0]['evidence'] == ['mentioned', 'used']
    assert data['pages'][1]['steps'] == [
        {'action': 'import', 'via': 'interwiki', 'history': 'full'}]


def test_page_is_read_again_from_its_form() -> None:
    for page in PLAN.pages:
        data = json.loads(as_text(page.as_json()))
        read, = planned_pages_from_json([data])
        assert read.as_json() == data


def test_page_of_a_plan_without_sizes_can_be_read() -> None:
    data = IMPORT.as_json()
    del data['bytes']
    read, = planned_pages_from_json([data])
    assert read.size is None


def test_report_adds_run_and_outcomes() -> None:
    report = Report(PLAN, 3, (PageResult(Outcome.UNCHANGED),
                              PageResult(Outcome.VERIFIED, 300)))
    data = report.as_json()
    assert data['run'] == 3
    assert [(page['outcome'], page['imported'], page['error'])
            for page in data['pages']] == [
        ('unchanged', 0, None), ('verified', 300, None)]
    assert report.went_as_planned


def test_anything_else_did_not_go_as_planned() -> None:
    for outcome in (None, *Outcome):
        report = Report(PLAN, 3, (PageResult(Outcome.UNCHANGED),
                                  PageResult(outcome)))
        assert report.went_as_planned is (outcome is Outcome.VERIFIED)


def test_equal_input_gives_equal_bytes() -> None:
    again = Plan(PLAN.source, PLAN.target, replace(PLAN.policy), PLAN.pages)
    assert as_text(again.as_json()) == as_text(PLAN.as_json())
    assert json.loads(as_text(PLAN.as_json())) == PLAN.as_json()


def test_identity_is_that_of_decisions_and_texts() -> None:
    newer = replace(IMPORT, newest=replace(NEWEST, id=9, sha1='b' * 40))
    held = replace(IMPORT, decision=Decision.HOLD, steps=(),
                   reason=Reason.PROTECTED)
    assert replace(PLAN, pages=(SKIP, newer)).id != PLAN.id
    assert replace(PLAN, pages=(SKIP, held)).id != PLAN.id
    assert replace(PLAN, pages=(IMPORT, SKIP)).id != PLAN.id
