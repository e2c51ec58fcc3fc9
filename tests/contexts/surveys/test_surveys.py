"""Short questionnaires: what is an answer, who is asked, and that it is asked and answered once."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from escucha.contexts.messaging.models import Message
from escucha.contexts.surveys.models import Answer, Invitation
from escucha.contexts.surveys.operations import Wrong, answer_survey, invite
from escucha.contexts.surveys.policy import Instrument, SurveysPolicy
from escucha.contexts.surveys.queries import NoSuchSurvey, answers_about, scores_of
from escucha.contexts.surveys.rules import CONFORMING, EVERYONE, in_share, replies_to
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.cast import TUESDAY
from tests.make import a_house, profile

ABOUT = "assistance:1"
GRADES = [{"value": 5, "label": "Sí"}, {"value": 1, "label": "No"}]
RAW = {
    "key": "corta",
    "label": "Corta",
    "intro": "Cuéntenos.",
    "questions": [
        {"key": "bien", "text": "¿Bien?", "grades": GRADES},
        {"key": "mas", "text": "¿Algo más?", "kind": "text"},
    ],
}


class TestPolicy:
    def test_every_question_has_its_key_its_words_and_its_scale(self):
        for spoilt in (
            {"key": "", "text": "¿Bien?", "grades": GRADES},
            {"key": "bien", "text": " ", "grades": GRADES},
            {"key": "bien", "text": "¿Bien?", "grades": GRADES[:1]},
            {"key": "bien", "text": "¿Bien?", "grades": [GRADES[0], GRADES[0]]},
            {"key": "bien", "text": "¿Bien?", "kind": "text", "grades": GRADES},
        ):
            with pytest.raises(ValueError):
                Instrument.read(RAW | {"questions": [spoilt]})

    def test_what_is_sent_after_an_assistance_is_one_of_them(self):
        with pytest.raises(ValueError):
            SurveysPolicy.read({"instruments": [RAW], "after_assistance": "otra"})
        with pytest.raises(ValueError):
            SurveysPolicy.read({"instruments": [RAW, RAW]})
        with pytest.raises(ValueError):
            SurveysPolicy.read({"everyone_share": 2})


class TestReplies:
    instrument = Instrument.read(RAW)

    def test_what_is_left_blank_is_no_answer_and_never_zero(self):
        assert replies_to(self.instrument, {"bien": "", "mas": "  "}) == ([], {})

    def test_a_value_of_the_scale_and_words(self):
        replies, wrong = replies_to(self.instrument, {"bien": "5", "mas": " Gracias "})
        assert [(one.question, one.value, one.text) for one in replies] == [
            ("bien", Decimal(5), ""),
            ("mas", None, "Gracias"),
        ]
        assert not wrong

    @pytest.mark.parametrize("said", ["4", "cinco", "5.0", "NaN"])
    def test_what_is_not_on_the_scale_is_refused_with_words(self, said):
        replies, wrong = replies_to(self.instrument, {"bien": said})
        assert not replies
        assert "Escoja" in str(wrong["bien"])

    def test_words_have_a_limit_that_is_said(self):
        _replies, wrong = replies_to(self.instrument, {"mas": "a" * 2001})
        assert "2000" in str(wrong["mas"])


def test_the_part_of_everybody_is_the_share_and_always_the_same():
    drawn = [in_share(f"assistance:{n}", 0.1) for n in range(20_000)]
    assert drawn == [in_share(f"assistance:{n}", 0.1) for n in range(20_000)]
    assert 1_850 < sum(drawn) < 2_150
    assert not in_share(ABOUT, 0)
    assert in_share(ABOUT, 1)


def asked(house, **changes):
    values = {"survey": "asistencia", "subject": ABOUT, "sample": CONFORMING, "email": "ana@example.org"}
    return invite(org=house.org, **values | changes, now=TUESDAY)


@pytest.mark.django_db
class TestInviting:
    def test_is_one_row_one_fact_and_one_message_with_its_link(self):
        house = a_house("quetzal")
        invitation = asked(house)
        message = Message.objects.get(subject=ABOUT)
        assert f"/encuesta/{invitation.code}/" in message.body
        assert message.to == "ana@example.org"
        assert [entry.verb for entry in entries_about(org=house.org, subject=ABOUT)] == ["surveys.survey_sent"]

    def test_twice_is_as_once(self):
        house = a_house("quetzal")
        assert asked(house) == asked(house, sample=EVERYONE)
        assert Invitation.objects.count() == Message.objects.count() == 1

    def test_who_left_only_a_telephone_gets_a_text(self):
        invitation = asked(a_house("quetzal"), email="", phone="300 000 0001")
        message = Message.objects.get()
        assert (message.channel, invitation.code in message.body) == ("sms", True)

    def test_who_left_no_way_is_not_asked(self):
        assert asked(a_house("quetzal"), email="") is None
        assert asked(a_house("quetzal"), survey="otra") is None


@pytest.mark.django_db
class TestAnswering:
    SAID = {"llegada": "5", "arreglo": "3", "otra_cosa": "Muy amables."}

    def test_keeps_the_answers_and_says_so_without_them(self):
        house = a_house("quetzal")
        invitation = asked(house)
        answer_survey(org=house.org, code=invitation.code, said=self.SAID, now=TUESDAY)
        head = house.actor("irma")
        found = answers_about(org=house.org, viewer=head, subject=ABOUT)
        assert {one.question for one in found} == {"llegada", "arreglo", "otra_cosa"}
        entry = entries_about(org=house.org, subject=ABOUT)[-1]
        assert (entry.verb, "amables" in str(entry.data)) == ("surveys.survey_answered", False)
        assert [(one.question, one.mean) for one in scores_of(org=house.org, viewer=head, survey="asistencia")] == [
            ("arreglo", 3),
            ("llegada", 5),
        ]

    def test_who_may_not_see_answers_sees_none(self):
        house = a_house("quetzal")
        answer_survey(org=house.org, code=asked(house).code, said=self.SAID, now=TUESDAY)
        for viewer in (house.actor("luz"), CITIZEN):
            assert not answers_about(org=house.org, viewer=viewer, subject=ABOUT)
            assert not scores_of(org=house.org, viewer=viewer, survey="asistencia")

    def test_is_done_once_and_in_time(self):
        house = a_house("quetzal")
        code = asked(house).code
        with pytest.raises(Refused, match="al menos una"):
            answer_survey(org=house.org, code=code, said={}, now=TUESDAY)
        with pytest.raises(Wrong):
            answer_survey(org=house.org, code=code, said={"llegada": "9"}, now=TUESDAY)
        with pytest.raises(Refused, match="se cerró"):
            answer_survey(org=house.org, code=code, said=self.SAID, now=TUESDAY + timedelta(days=10))
        answer_survey(org=house.org, code=code, said=self.SAID, now=TUESDAY + timedelta(days=9))
        with pytest.raises(Refused, match="ya se contestó"):
            answer_survey(org=house.org, code=code, said=self.SAID, now=TUESDAY)

    def test_a_guess_or_another_organisation_finds_nothing(self):
        code = asked(a_house("quetzal")).code
        with pytest.raises(NoSuchSurvey):
            answer_survey(org=a_house("cafetal").org, code=code, said=self.SAID, now=TUESDAY)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_is_kept_once():
    house = a_house("quetzal")
    code, outcomes, ready = asked(house).code, [], threading.Barrier(2)

    def send():
        try:
            ready.wait(10)
            answer_survey(org=house.org, code=code, said={"llegada": "5"}, now=TUESDAY)
            outcomes.append("kept")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["kept", "refused"]
    assert Answer.objects.count() == 1


def test_the_profile_that_asks_says_what_it_sends():
    policy = profile("quetzal").section(SurveysPolicy)
    assert policy.instrument(policy.after_assistance)
