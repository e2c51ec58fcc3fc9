"""After any verbs in any order, the case is due when its earliest debt is, and nothing waits in vain."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations import answering, filing, handling, reaching
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.kernel.commitments.models import Commitment, Step
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.verify import chain_verdict
from tests.cast import TUESDAY
from tests.examples import many
from tests.make import ALL_MET, a_case, let_time_pass

pytestmark = [pytest.mark.django_db, pytest.mark.long]

CAST = {
    "cafetal": dict(
        central="lucia",
        head="patricia",
        unit="dario",
        boss="elsa",
        kinds=("queja", "reclamo", "informacion"),
        units=("recreacion", "vivienda", "atencion"),
    ),
    "vidamar": dict(
        central="marina",
        head="marina",
        unit="rosa",
        boss="rosa",
        kinds=(),
        units=("autorizaciones", "tecnologia", "siau"),
    ),
    "corrioverde": dict(
        central="sofia",
        head="ines",
        unit="ramiro",
        boss="olga",
        kinds=("queja", "reclamo", "informacion"),
        units=("territorial-paramo", "recurso-hidrico", "comunicaciones"),
    ),
}
VERBS = (
    "classify",
    "answer",
    "pass",
    "send",
    "classify",
    "route",
    "return",
    "assign",
    "answer",
    "pass",
    "fail",
    "send",
    "call",
    "miss",
    "open",
    "publish",
    "remind",
    "close",
    "withdraw",
    "wait",
    "wait_long",
)
moves = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 20)), min_size=1, max_size=18)


def act(house, cast, case, verb, n, now):
    who = [house.actor(cast[key]) for key in ("central", "unit", "boss", "head")][n % 4]
    here = {"org": house.org, "case_id": case.pk, "now": now}
    by = here | {"by": who}
    kinds = cast["kinds"] or tuple(house.profile.raw["cases"]["types"])
    unit, members = house.unit(cast["units"][n % 3]), list(house.members.values())
    call = by | {"number": "1"}
    chosen, kind = (members[n % len(members)] if n % 5 else None), kinds[n % len(kinds)]
    ways = {
        "classify": lambda: filing.classify_case(case_type=kind, unit=unit if n % 2 else None, **by),
        "route": lambda: handling.route_case(unit=unit, **by),
        "return": lambda: handling.return_case(reason="no es", **by),
        "assign": lambda: handling.assign_case(member=chosen, **by),
        "answer": lambda: answering.answer_case(body="Sí", **by),
        "pass": lambda: answering.check_answer(verdicts=ALL_MET, **by),
        "fail": lambda: answering.check_answer(verdicts=ALL_MET | {"clarity": False}, reason="no", **by),
        "send": lambda: answering.send_answer(**by),
        "call": lambda: reaching.record_call(result="answered", at=now - timedelta(hours=n), **call),
        "miss": lambda: reaching.record_call(result="busy", **call),
        "open": lambda: open_sent(house, case, now),
        "publish": lambda: reaching.publish_notice(**by),
        "remind": lambda: reaching.remind_person(**by),
        "close": lambda: reaching.close_case(**by),
        "withdraw": lambda: handling.withdraw_case(reason="no", **here, by=CITIZEN if n % 2 else who),
    }
    ways[verb]()


def open_sent(house, case, now):
    if sent := Answer.objects.filter(case=case, sent_at__isnull=False).first():
        reaching.open_answer(org=house.org, token=sent.link_token, now=now)


def done(*what):
    try:
        with transaction.atomic():
            act(*what)
    except (Refused, NoSuchCase):
        return False
    return True


def holds(house, case, now, path):
    case.refresh_from_db()
    debts = list(Commitment.objects.filter(org=house.org, subject=case.subject))
    owed = [one for one in debts if one.settled_at is None]
    if owed:
        assert case.due_at == min(one.due_at for one in owed), path
    assert case.is_open or not owed, (path, [one.kind for one in owed])
    if case.state in ("filed", "classified", "assigned", "answered", "approved", "sent"):
        assert "cases.legal_term" in {one.kind for one in owed}, path
    if case.state == "assigned":
        assert "cases.unit_answer" in {one.kind for one in owed}, path
        assert all(one.owner_unit_id == case.unit_id for one in owed if one.kind == "cases.unit_answer"), path
    assert not Step.objects.filter(
        commitment__in=[d for d in debts if d.settled_at], taken_at=None, lifted_at=None
    ).exists(), path
    for one in owed:
        assert (
            one.late_at or Step.objects.filter(commitment=one, name="late", taken_at=None, lifted_at=None).exists()
        ), (path, one.kind)
        assert one.owner_member is None or one.owner_member.unit_id == one.owner_unit_id, (path, one.kind)
    law = [one for one in debts if one.kind == "cases.legal_term" and one.outcome in ("met", "met_late")]
    for one in law:
        assert one.settled_at == case.notified_at, path
        assert (one.outcome == "met_late") == (case.notified_at >= one.due_at), path
    assert chain_verdict(org=house.org, subject=case.subject).ok, path
    assert (
        Case.objects.filter(org=house.org, member__org_id=house.org.pk).count()
        == Case.objects.filter(member__isnull=False).count()
    )


@pytest.mark.parametrize("slug", CAST)
def test_the_copy_and_the_ledger_agree(request, slug):
    house = request.getfixturevalue(slug)
    cast = CAST[slug]

    @settings(max_examples=many(120), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(moves, st.sampled_from(["tel", "mail", "none"]), st.booleans(), st.integers(0, 30))
    def lives(steps, contact, emergency, delay):
        person = {"tel": {"phone": "300 000 0001"}, "mail": {"email": "a@example.org"}, "none": None}[contact]
        with transaction.atomic():
            now = TUESDAY
            case = a_case(house, person=person, emergency=emergency, received_at=now - timedelta(hours=delay), now=now)
            path = []
            for verb, n in steps:
                now += timedelta(minutes=n * 7)
                if verb.startswith("wait"):
                    now += timedelta(hours=n * (30 if verb == "wait_long" else 3))
                    let_time_pass(now)
                else:
                    if not any(done(house, cast, case, verb, n + turn, now) for turn in range(4)):
                        continue
                path.append((verb, n))
                holds(house, case, now, path)
            transaction.set_rollback(True)

    lives()
