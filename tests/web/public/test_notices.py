"""The public notices and the reserve: no number of a reserved case stands in them; its person has where to read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import answer_case, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.reaching import close_case, end_notice, publish_notice
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import open_up_case, reserve_case
from escucha.contexts.cases.queries.holders import published_notices
from escucha.contexts.cases.queries.written import notice_of
from escucha.contexts.cases.rules.debts import LEGAL_TERM, NOTICE_PERIOD
from tests.contexts.cases.seen import at as moment
from tests.contexts.cases.seen import ended, last_fact, owed, own_verbs, told
from tests.make import a_case, a_house, a_sent_case, let_time_pass
from tests.web.entering import entered
from tests.web.public.test_reports import REPORT, follow, reported
from tests.web.public.test_reports import arrayanes as arrayanes
from tests.web.public.test_reports import visitor as visitor_of_the_hospital

pytestmark = pytest.mark.django_db
hospital = visitor_of_the_hospital


def acting(house, case, who="gabriel", when="2026-03-06"):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": moment(when)}


def a_sent_reserved_case(house):
    """Of nobody, answered by who has the channel."""
    case = a_case(house, reserved=True, person=None)
    classify_case(case_type="queja", **acting(house, case, when="2026-03-04"))
    answer_case(body="Investigamos y sancionamos.", **acting(house, case, when="2026-03-05"))
    return send_answer(**acting(house, case, when="2026-03-05"))


def main_of(page):
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


class TestOfAReservedCase:
    def test_is_published_nowhere_and_its_days_count_the_same(self, cafetal):
        case = a_sent_reserved_case(cafetal)
        notice = publish_notice(**acting(cafetal, case))
        assert notice.in_reserve and notice.until == moment("2026-03-14", 0)
        assert published_notices(org=cafetal.org, now=moment("2026-03-07")) == []
        assert own_verbs(case)[-1] == "notice_kept"
        assert last_fact(case, "cases.notice_kept")[0]["until"] == "2026-03-13"
        assert NOTICE_PERIOD in owed(case)

        for _twice in range(2):
            end_notice(org=cafetal.org, case_id=case.pk, now=moment("2026-03-14", 1))
        case.refresh_from_db()
        assert (case.state, case.notified_how, case.notified_at) == ("notified", "kept_notice", moment("2026-03-14", 0))
        assert owed(case) == {} and ended(case)[LEGAL_TERM, 2] == "met"
        assert own_verbs(case).count("case_notified") == 1
        assert close_case(**acting(cafetal, case, when="2026-03-16")).state == "closed"
        assert told(case) == []

    def test_the_clock_ends_its_days_by_itself(self, cafetal):
        case = a_sent_reserved_case(cafetal)
        publish_notice(**acting(cafetal, case))
        let_time_pass(moment("2026-03-14", 1))
        case.refresh_from_db()
        assert case.state == "notified"

    def test_it_is_not_given_twice(self, cafetal):
        case = a_sent_reserved_case(cafetal)
        publish_notice(**acting(cafetal, case))
        with pytest.raises(Refused, match="ya espera a la persona en su página"):
            publish_notice(**acting(cafetal, case))

    def test_opened_up_later_it_does_not_appear_as_if_it_had_been_published(self, cafetal):
        case = a_sent_reserved_case(cafetal)
        publish_notice(**acting(cafetal, case))
        open_up_case(reason="Ya no hay a quién proteger.", **acting(cafetal, case, when="2026-03-09"))
        assert published_notices(org=cafetal.org, now=moment("2026-03-10")) == []

    def test_a_published_one_is_taken_down_when_its_case_is_reserved(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case, "lucia"))
        seen = {"org": cafetal.org, "now": moment("2026-03-09")}
        assert [one.case for one in published_notices(**seen)] == [case]
        reserve_case(**acting(cafetal, case, "lucia", when="2026-03-09"))
        assert published_notices(**seen) == [] and notice_of(case) is not None


class TestItsPages:
    def published(self, house):
        now = timezone.now()
        case = Case.objects.latest("pk")
        said = {"org": house.org, "case_id": case.pk, "by": house.actor("hernan")}
        classify_case(case_type="denuncia", now=now - timedelta(minutes=3), **said)
        answer_case(body="Investigamos y sancionamos.", now=now - timedelta(minutes=2), **said)
        send_answer(now=now - timedelta(minutes=1), **said)
        return publish_notice(now=now, **said)

    def test_the_notices_are_the_same_with_a_report_waiting_and_without(self, hospital, arrayanes):
        before = main_of(hospital.get("/avisos/"))
        case = reported(hospital)
        self.published(arrayanes)
        after = main_of(hospital.get("/avisos/"))
        assert after == before
        assert case.filing_number.replace("-", " ") not in after and "No hay avisos publicados" in after
        assert "Su número nunca se publica aquí" in after

    def test_its_person_reads_until_when_it_waits_and_the_answer_after_too(self, hospital, arrayanes, time_machine):
        case = reported(hospital)
        notice = self.published(arrayanes)
        follow(hospital, case)
        page = main_of(hospital.get("/seguir/solicitud/"))
        assert "Ver mi respuesta" in page and "se da por recibida el" in page and "avisos" not in page
        assert "Empezó a contar el plazo para leerla" in page

        time_machine.move_to(notice.until + timedelta(days=1))
        let_time_pass(timezone.now())
        follow(hospital, case)
        page = main_of(hospital.get("/seguir/solicitud/"))
        assert "Investigamos y sancionamos." in page and "La esperó aquí los días de un aviso" in page
        assert "por aviso publicado" not in page

    def test_its_receipt_says_that_no_notice_will_tell(self, hospital):
        page = hospital.post("/denuncias/", REPORT, follow=True).content.decode()
        assert "la respuesta no se publica en los avisos" in page

    def test_where_there_is_no_channel_nothing_is_said_of_it(self, client, cafetal):
        page = client.get("/avisos/", HTTP_HOST="cafetal.localhost:8000")
        assert "denuncia" not in main_of(page)

    def test_the_keeper_is_told_what_the_button_does(self, client):
        house = a_house("cafetal")
        case = a_sent_reserved_case(house)
        page = entered(client, house, "gabriel").get(f"/mesa/casos/{case.filing_number}/").content.decode()
        assert "Dejar la respuesta en su página" in page and "Publicar el aviso" not in page
        assert "La respuesta se publica por aviso" not in page
