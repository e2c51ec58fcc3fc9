"""Whatever web and worker do, they do as the run-time role: a right that is missing is found here."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection

from escucha.console.kept_rights import CHANGING
from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations import answering, filing, handling, reaching, receiving
from escucha.contexts.cases.operations.refusal import Overtaken
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM
from escucha.kernel.timeline.verify import chain_verdict
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.receiving import a_box, a_slip, by_the_day_written
from tests.make import ALL_MET, House, a_case, a_house, a_sent_case, let_time_pass
from tests.web.entering import entered

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def as_run(db: None) -> Iterator[House]:
    """The house is made by the owner; from then on the role of web and worker acts."""
    house = a_house("cafetal", sample=False)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    yield house
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")


def turns(house: House, case: Case):
    """How an act of somebody is done: by whom, when, on the case."""

    def do(verb, who, now, **said):
        return verb(org=house.org, case_id=case.pk, by=house.actor(who) if who else CITIZEN, now=now, **said)

    return do


def test_a_case_from_filing_to_its_notice_and_its_end(as_run: House) -> None:
    case = a_case(as_run, person=ANA, filing_key="una-vez")
    assert a_case(as_run, person=ANA, filing_key="una-vez").pk == case.pk
    do, now = turns(as_run, case), TUESDAY + HOUR
    do(filing.classify_case, "lucia", now, case_type="queja", unit=as_run.unit("vivienda"))
    do(filing.classify_case, "lucia", now, case_type="reclamo", unit=as_run.unit("recreacion"))
    do(handling.return_case, "dario", now, reason="No es nuestro")
    do(handling.route_case, "lucia", now, unit=as_run.unit("recreacion"))
    do(handling.assign_case, "elsa", now, member=as_run.members["dario"])
    do(handling.write_note, "dario", now, body="Se pidió el recibo")
    for body in ("Bor", "Borrador"):
        handling.keep_draft(org=as_run.org, case_id=case.pk, body=body, by=as_run.actor("dario"), now=now)
    do(answering.answer_case, "dario", now, body="No sabemos")
    do(answering.check_answer, "lucia", now, verdicts=ALL_MET | {"clarity": False}, reason="No dice nada")
    do(answering.answer_case, "dario", now, body="Le devolvemos su dinero")
    do(answering.check_answer, "lucia", now, verdicts=ALL_MET)
    do(answering.send_answer, "lucia", now)
    while deliver(now=now):
        pass
    for turn in range(1, 6):
        now = TUESDAY + turn * DAY
        let_time_pass(now)
        do(reaching.record_call, "lucia", now, number="300 000 0001", result="busy")
        do(reaching.remind_person, "lucia", now)
    do(reaching.publish_notice, "lucia", now)
    let_time_pass(now + 40 * DAY)
    case.refresh_from_db()
    assert (case.state, case.notified_how) == ("notified", "notice")
    do(reaching.close_case, "lucia", now + 41 * DAY)
    assert take_anchor(now=now + 42 * DAY) is not None
    assert chain_verdict(org=as_run.org, subject=case.subject).ok


def test_by_the_link_by_a_call_and_withdrawn(as_run: House) -> None:
    opened, called, left = a_sent_case(as_run), a_sent_case(as_run), a_case(as_run)
    now = TUESDAY + 3 * DAY
    reaching.open_answer(org=as_run.org, token=Answer.objects.get(case=opened).link_token, now=now)
    do = turns(as_run, called)
    do(reaching.record_call, "lucia", now, number="300 000 0001", result="answered")
    turns(as_run, left)(handling.withdraw_case, None, now)
    with pytest.raises(Overtaken):
        turns(as_run, opened)(reaching.close_case, "lucia", now, version=1)
    states = [Case.objects.get(pk=case.pk).state for case in (opened, called, left)]
    assert states == ["notified", "notified", "withdrawn"]


def test_a_debt_that_stops_and_is_counted_again(as_run: House) -> None:
    case = a_case(as_run)
    about = {"org": as_run.org, "kind": "cases.legal_term", "subject": case.subject, "by": SYSTEM}
    moved = {"calendar": as_run.profile.calendar}
    ledger.pause(**about, at=TUESDAY + HOUR, now=TUESDAY + HOUR)
    ledger.resume(**about, **moved, at=TUESDAY + DAY, due_at=TUESDAY + 20 * DAY, now=TUESDAY + DAY)
    ledger.extend(**about, **moved, due_at=TUESDAY + 30 * DAY, now=TUESDAY + DAY)
    ledger.reckon_again(
        **about, **moved, due_at=TUESDAY + 25 * DAY, reckoning={}, cause="closure", now=TUESDAY + DAY
    )  # fmt: skip
    owner = ledger.Owner(unit=as_run.unit("vivienda"))
    assert ledger.hand_over(**about, owner=owner, now=TUESDAY + DAY) is not None
    assert ledger.settle(**about, now=TUESDAY + 2 * DAY) is not None


def test_a_slip_put_right(as_run: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        house = by_the_day_written(as_run)  # profiles are the owner's
        cursor.execute("SET ROLE escucha_run")
    act = a_box(house)
    case = a_slip(house, act, written_on=date(2026, 2, 24)).case
    by, now = house.actor("lucia"), TUESDAY + DAY
    said = {"act_id": act.pk, "position": 11, "body": case.body, "by": by, "now": now}
    receiving.correct_slip(org=house.org, written_on=date(2026, 2, 20), **said)
    [law] = [one for one in owed_about(org=house.org, subject=case.subject) if one.kind == "cases.legal_term"]
    assert law.begins_at.astimezone(house.profile.zone).date() == date(2026, 2, 20)


def test_the_pages(as_run: House, client) -> None:
    desk = entered(client, as_run, "lucia")
    for path in ("/mesa/", "/mesa/casos/", "/radicar/", "/seguir/", "/calculadora/"):
        assert desk.get(path, follow=True).status_code == 200
    sent = desk.post("/radicar/", {"body": "No abrieron la sede", "email": "ana@example.org"})
    assert sent.status_code == 302
    assert desk.post("/seguir/", {"number": "PQR-2026-000001", "factor": "1"}).status_code == 422
    assert Message.objects.filter(to="ana@example.org").exists()


def test_people_are_taken_in_and_change_their_password(as_run: House) -> None:
    unit = as_run.unit("recreacion")
    member = take_in(org=as_run.org, email="nueva@example.org", name="Nueva", password="x" * 12, unit=unit, roles=[])
    take_in(org=as_run.org, email="nueva@example.org", name="Nueva", unit=None, roles=["attention_head"])
    give_second_factor(member.account, secret=sample_secret(member.account.email))
    member.account.set_password("y" * 12)
    member.account.save(update_fields=["password"])


def test_columns_named_are_columns_that_there_are() -> None:
    with connection.cursor() as cursor:
        for table, columns in CHANGING.items():
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            assert set(columns) <= there, table
