"""When the days of a published notice are over, the person counts as notified; whatever else ends, not."""

from escucha.contexts.cases.operations.reaching import publish_notice
from escucha.flows.ended_notice_notifies_person import is_the_end_of_a_notice, notify_by_notice
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.timeline.relay import run_errands
from tests.contexts.cases.seen import at, picture
from tests.make import a_sent_case


def published(house):
    case = a_sent_case(house, person=None)
    publish_notice(org=case.org, case_id=case.pk, by=house.actor("lucia"), now=at("2026-03-06"))
    return case


def step(case, name="notice_ends"):
    return StepReached(subject=case.subject, kind="cases.notice_period", commitment=1, step=name)


def test_the_clock_and_the_errand_do_it_at_their_end(cafetal):
    case = published(cafetal)
    while tick(now=at("2026-03-14", 0)):
        pass
    case.refresh_from_db()
    assert case.state == "sent"
    while run_errands(now=at("2026-03-14", 0)):
        pass
    case.refresh_from_db()
    assert (case.state, case.notified_at) == ("notified", at("2026-03-14", 0))


def test_run_twice_or_too_early_it_does_nothing(cafetal):
    case = published(cafetal)
    before = picture(case)
    notify_by_notice(step(case), org=case.org, now=at("2026-03-13", 23))
    assert picture(case) == before
    assert not is_the_end_of_a_notice(step(case, "remind_owner"))

    notify_by_notice(step(case), org=case.org, now=at("2026-03-14"))
    after = picture(case)
    notify_by_notice(step(case), org=case.org, now=at("2026-03-15"))
    assert picture(case) == after
