"""A text becomes a case, or a word about the open one it names if the telephone is of who filed it."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.reserving import put_in_reserve
from escucha.contexts.documents.queries import files_about
from escucha.contexts.messaging.models import Arrival, Message
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.flows import arrived_text_becomes_case as flow
from escucha.flows.arrived_mail_is_reviewed import add_reviewed_mail, file_reviewed_mail
from escucha.flows.arrived_text_becomes_case import settle_text
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.models import Entry, Errand
from escucha.kernel.timeline.relay import run_errands
from tests.cast import ANA, TUESDAY
from tests.contexts.messaging.sms.houses import MOBILE, a_reply, call_in, facts, gateway_of
from tests.make import a_case

HOUR = timedelta(hours=1)


def written(house, stand_in, body, *, ref="in-1", sender=MOBILE, now=TUESDAY):
    """What somebody wrote, and what followed."""
    call_in(house, a_reply(stand_in, house, ref, body, sender=sender, now=now), now=now)
    while run_errands(now=now):
        pass
    return Arrival.objects.get(gateway_ref=ref)


class TestAText:
    def test_becomes_a_case_of_its_telephone_which_is_told_its_number(self, texting, stand_in):
        arrival = written(texting, stand_in, "  Nos negaron la entrada\nal parque  ")
        case = Case.objects.get()
        assert (case.channel, case.body, case.matter) == (
            "sms",
            "Nos negaron la entrada\nal parque",
            "Nos negaron la entrada al parque",
        )
        assert (case.person.phone, case.person.name, case.received_at) == ("300 000 0001", "", TUESDAY)
        assert (arrival.state, arrival.subject, arrival.settled_at) == ("filed", case.subject, TUESDAY)
        assert facts(texting, f"arrival:{arrival.pk}") == ["text_arrived", "text_filed"]
        deliver(now=TUESDAY)
        [asked] = stand_in.asked
        said = asked.said.get("Body") or asked.said["text"]
        assert case.filing_number in said and "parque" not in said

    def test_is_one_case_however_often_it_is_told_or_settled(self, texting, stand_in):
        for hours in range(3):
            written(texting, stand_in, "Hola, necesito ayuda", now=TUESDAY)
            again = TUESDAY + hours * HOUR
            entry = Entry.objects.get(verb="messaging.text_arrived")
            settle_text(fact_of(entry), org=texting.org, now=again)
        assert (Case.objects.count(), Arrival.objects.count()) == (1, 1)

    def test_that_names_the_open_case_of_its_person_is_a_word_about_it(self, texting, stand_in):
        case = a_case(texting, person=ANA | {"email": ""})
        arrival = written(texting, stand_in, f"Sobre {case.filing_number.lower()}: ya no es el domingo, fue el sábado")
        word = Word.objects.get()
        assert (word.case_id, word.channel, word.arrival) == (case.pk, "sms", arrival.pk)
        assert "fue el sábado" in word.body
        assert (Case.objects.count(), arrival.subject) == (1, case.subject)

    @pytest.mark.parametrize("said", ["PQR 2026 000001", "PQR2026000001", "pqr-2026-000001.", "mi pqr-2026-000001?"])
    def test_says_the_number_as_people_do(self, texting, stand_in, said):
        case = a_case(texting, person=ANA | {"email": ""})
        assert case.filing_number == "PQR-2026-000001"
        written(texting, stand_in, f"¿Qué pasó con {said}")
        assert Word.objects.get().case_id == case.pk

    def test_of_the_other_telephone_of_the_person_counts_too(self, texting, stand_in):
        case = a_case(texting, person=ANA | {"phone": "601 000 0010", "other_phone": "(300) 000-0001"})
        written(texting, stand_in, case.filing_number)
        assert Word.objects.get().case_id == case.pk

    @pytest.mark.parametrize("why", ["a stranger's telephone", "another organisation", "no such case", "closed"])
    def test_that_names_what_is_not_its_own_to_add_to_is_a_case_apart(self, texting, stand_in, vidamar, why):
        case = a_case(vidamar if why == "another organisation" else texting, person=ANA | {"email": ""})
        number = "PQR-2026-009999" if why == "no such case" else case.filing_number
        if why == "closed":
            withdraw_case(org=texting.org, case_id=case.pk, by=CITIZEN, now=TUESDAY)
        sender = "+573000000009" if why.startswith("a stranger") else MOBILE
        arrival = written(texting, stand_in, f"Agrego a {number}: algo más", sender=sender)
        made = Case.objects.order_by("pk").last()
        assert (made.pk != case.pk, arrival.subject, Word.objects.count()) == (True, made.subject, 0)

    def test_to_a_reserved_case_is_kept_inside_it(self, texting, stand_in):
        case = a_case(texting, person=ANA | {"email": ""})
        put_in_reserve(case, by=CITIZEN, now=TUESDAY)
        case.save()
        written(texting, stand_in, f"{case.filing_number} agrego otra cosa")
        assert Word.objects.get().case_id == case.pk
        deliver(now=TUESDAY)
        assert all("agrego" not in str(asked.said) for asked in stand_in.asked)


class TestWhatIsNoRequest:
    @pytest.mark.parametrize(
        ("body", "sender", "reason"),
        [("", MOBILE, "empty"), (" \n ", MOBILE, "empty"), ("Gane dinero", "85000", "no_person")],
    )
    def test_waits_for_somebody_to_look_and_is_not_answered(self, texting, stand_in, body, sender, reason):
        arrival = written(texting, stand_in, body, sender=sender)
        assert (arrival.state, arrival.reason, Case.objects.count()) == ("parked", reason, 0)
        assert facts(texting, f"arrival:{arrival.pk}") == ["text_arrived", "text_parked"]
        assert deliver(now=TUESDAY) == 0

    def test_is_filed_as_it_was_written_by_who_looks_at_it(self, texting, stand_in):
        """Not as the gateway's request, which is kept beside it and has names of our account."""
        arrival = written(texting, stand_in, "Gane dinero", sender="85000")
        assert arrival.file is not None
        case = file_reviewed_mail(org=texting.org, arrival_id=arrival.pk, by=texting.actor("lucia"), now=TUESDAY)
        assert (case.channel, case.body, case.person) == ("sms", "Gane dinero", None)
        assert files_about(org=texting.org, subject=case.subject) == []

    def test_is_put_in_a_case_as_it_was_written(self, texting, stand_in):
        case = a_case(texting)
        arrival = written(texting, stand_in, f"Turno de {case.filing_number}", sender="85000")
        said = {"arrival_id": arrival.pk, "number": case.filing_number, "by": texting.actor("lucia")}
        add_reviewed_mail(org=texting.org, now=TUESDAY, **said)
        assert Word.objects.get().body == f"Turno de {case.filing_number}"

    def test_a_word_to_stop_is_no_case(self, texting, stand_in):
        arrival = written(texting, stand_in, "BAJA")
        assert (arrival.state, Case.objects.count(), deliver(now=TUESDAY)) == ("filed", 0, 0)


def test_many_texts_are_many_cases_and_one_acknowledgement_an_hour(texting, stand_in):
    for number in range(4):
        written(texting, stand_in, f"Solicitud {number}", ref=f"in-{number}", now=TUESDAY + number * HOUR / 4)
    written(texting, stand_in, "Solicitud 5", ref="in-5", now=TUESDAY + HOUR)
    assert Case.objects.count() == 5
    assert Message.objects.filter(channel="sms").count() == 2


def test_one_that_fails_stops_no_other_and_is_tried_again(texting, stand_in, monkeypatch):
    filing = flow.file_case

    def odd(**said):
        if "veneno" in said["body"]:
            raise ValueError("odd")
        return filing(**said)

    with monkeypatch.context() as patched:
        patched.setattr(flow, "file_case", odd)
        bad = written(texting, stand_in, "veneno", ref="in-1")
        good = written(texting, stand_in, "Hola", ref="in-2")
    assert (bad.state, good.state, Case.objects.count()) == ("parsed", "filed", 1)
    assert Errand.objects.get(done_at=None).attempts == 1
    run_errands(now=TUESDAY + HOUR)
    bad.refresh_from_db()
    assert (bad.state, Case.objects.count()) == ("filed", 2)


def test_the_gateways_are_both_tried(gateway, texting):
    assert gateway_of(texting) == gateway
