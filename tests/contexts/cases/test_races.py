"""What two people, or two clicks, may do at once: real threads, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case, file_case
from escucha.contexts.cases.operations.handling import return_case, withdraw_case
from escucha.contexts.cases.operations.reaching import open_answer, record_call
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import LEGAL_TERM, UNIT_ANSWER
from escucha.kernel.orgs.operations import next_number
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import at, ended, own_verbs, told, verbs
from tests.make import ALL_MET, a_case, a_house, a_routed_case, a_sent_case, an_answered_case

pytestmark = pytest.mark.slow


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave or raised, all begun together."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")  # whoever waits for ever fails instead
            start.wait(10)
            return act()
        except (Refused, Overtaken, NoSuchCase) as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def until_so_many_wait(many):
    for _try in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= many:
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def acting(house, case, who, when="2026-03-05"):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": at(when)}


@pytest.mark.parametrize("seen", [True, False])
def test_of_two_answers_at_once_one_is_handed_in(real_cafetal, seen):
    case = a_routed_case(real_cafetal)
    version = case.version if seen else None

    def answering(who):
        same = acting(real_cafetal, case, who)
        return lambda: answer_case(body=f"Respuesta de {who}", version=version, **same)

    results = at_once(answering("dario"), answering("elsa"))

    [no] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(no, Overtaken if seen else Refused)
    [answer] = Answer.objects.filter(case=case)
    assert answer in results
    assert own_verbs(case).count("case_answered") == 1
    assert ended(case)[UNIT_ANSWER, 1] == "met"
    case.refresh_from_db()
    assert (case.state, case.version) == ("answered", 3)


def test_of_an_answer_and_a_return_at_once_one_happens(real_cafetal):
    case = a_routed_case(real_cafetal)
    at_once(
        lambda: answer_case(body="Ya", **acting(real_cafetal, case, "dario")),
        lambda: return_case(reason="No es nuestro", **acting(real_cafetal, case, "elsa")),
    )
    case.refresh_from_db()
    happened = {"case_answered", "case_returned"} & set(own_verbs(case))
    assert happened == ({"case_answered"} if case.state == "answered" else {"case_returned"})
    assert case.state in {"answered", "classified"}


def test_a_withdrawal_while_the_answer_leaves_is_all_or_nothing(real_cafetal):
    case = an_answered_case(real_cafetal)
    check_answer(verdicts=ALL_MET, **acting(real_cafetal, case, "lucia"))
    results = at_once(
        lambda: send_answer(**acting(real_cafetal, case, "lucia")),
        lambda: withdraw_case(org=real_cafetal.org, case_id=case.pk, by=CITIZEN, now=at("2026-03-05")),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    case.refresh_from_db()
    sent = case.state == "sent"
    assert (len(told(case, "answer_ready")) == 1) is sent
    assert (ended(case).get((LEGAL_TERM, 2)) == "waived") is not sent


def test_two_who_classify_at_once_leave_one_set_of_debts(real_cafetal):
    case = a_case(real_cafetal)
    kinds = {"lucia": "queja", "patricia": "reclamo"}
    results = at_once(
        *(
            lambda who=who, kind=kind: classify_case(
                case_type=kind, version=case.version, **acting(real_cafetal, case, who, "2026-03-03")
            )
            for who, kind in kinds.items()
        )
    )
    assert sum(isinstance(result, Overtaken) for result in results) == 1
    assert own_verbs(case).count("case_classified") == 1
    assert not [key for key in ended(case) if key == (LEGAL_TERM, 2)]


def test_a_call_and_the_link_at_once_notify_once(real_cafetal):
    case = a_sent_case(real_cafetal)
    token = latest_answer(case).link_token
    reached = {"number": "300 000 0001", "result": "answered"}
    at_once(
        *(lambda: open_answer(org=case.org, token=token, now=at("2026-03-06")),) * 2,
        lambda: record_call(**reached, **acting(real_cafetal, case, "lucia", "2026-03-06")),
    )
    assert own_verbs(case).count("case_notified") == 1
    assert verbs(case).count("commitments.commitment_met") == 4  # classified, the two stages, the law


class TestNumbers:
    def test_have_no_gap_and_no_repeat(self, real_cafetal):
        def several():
            return [a_case(real_cafetal, person=None).filing_number for _turn in range(5)]

        given = [number for numbers in at_once(*[several] * 8) for number in numbers]
        assert sorted(given) == [f"PQR-2026-{n:06d}" for n in range(1, 41)]

    def test_are_given_in_the_order_in_which_people_came(self, real_cafetal):
        def filing():
            try:
                return a_case(real_cafetal, person=None).filing_number
            finally:
                connection.close()

        given = []
        with ThreadPoolExecutor(6) as pool:
            with transaction.atomic():
                next_number(org=real_cafetal.org, series="PQR", year=2026)
                for place in range(6):
                    given.append(pool.submit(filing))
                    until_so_many_wait(place + 1)
            assert [one.result(20) for one in given] == [f"PQR-2026-{n:06d}" for n in range(2, 8)]

    def test_of_what_was_rolled_back_are_given_again(self, real_cafetal):
        class Changed(Exception):
            pass

        a_case(real_cafetal)
        with pytest.raises(Changed), transaction.atomic():
            a_case(real_cafetal)
            raise Changed
        assert a_case(real_cafetal).filing_number == "PQR-2026-000002"

    def test_begin_again_each_year_and_in_each_organisation(self, real_cafetal):
        a_case(real_cafetal)
        assert a_case(real_cafetal, now=at("2027-01-01", 0)).filing_number == "PQR-2027-000001"
        assert a_case(a_house("vidamar"), suggested_type="").filing_number == "PQRD-2026-000001"


class TestAFormSentTwice:
    def test_at_once_is_one_case_and_leaves_no_gap(self, real_cafetal):
        def filing():
            said = {"channel": "web", "body": "Hola", "person": ANA, "filing_key": "form-1"}
            return file_case(org=real_cafetal.org, by=CITIZEN, now=TUESDAY, **said).pk

        first, *others = at_once(*[filing] * 4)

        assert others == [first] * 3
        assert Case.objects.count() == 1
        case = Case.objects.get()
        assert verbs(case) == ["cases.case_filed"]
        assert told(case) == [("acknowledged", ANA["email"])]
        assert a_case(real_cafetal).filing_number == "PQR-2026-000002"

    def test_in_two_organisations_is_two_cases(self, real_cafetal):
        other = a_house("vidamar")
        assert a_case(real_cafetal, filing_key="form-1").pk != a_case(other, filing_key="form-1").pk

    def test_inside_somebody_s_transaction_too(self, real_cafetal):
        with transaction.atomic():
            assert a_case(real_cafetal, filing_key="f").pk == a_case(real_cafetal, filing_key="f").pk
