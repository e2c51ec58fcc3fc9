"""Who is not content is heard by Quality: mark and complaint are one act. Who is content is asked how it went."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.closing import conclude
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from escucha.contexts.surveys.models import Invitation
from escucha.contexts.surveys.rules import CONFORMING, EVERYONE
from escucha.flows import ended_assistance_sends_survey, nonconforming_assistance_files_case
from escucha.flows.nonconforming_assistance_files_case import record_nonconformity
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.words import Refused
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import brought_to, do, lines, owed
from tests.make import a_house, let_time_pass

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(hours=3)
SAID = "El tubo volvió a gotear y dejaron la cocina sucia."


@pytest.fixture
def house():
    return a_house("quetzal")


@pytest.fixture
def costed(house) -> Assistance:
    return brought_to(house, "load")


def complain(house, assistance, **changes):
    values = {"comment": SAID, "by": house.actor("luz"), "now": LATER} | changes
    return record_nonconformity(org=house.org, assistance_id=assistance.pk, **values)


@pytest.mark.requirement("ASIS-12.2", "ASIS-16.2")
class TestNotContent:
    def test_is_a_complaint_of_the_head_of_quality_on_its_own_clock(self, house, costed):
        marked, case = complain(house, costed)
        assert marked.conformity == Conformity.NONCONFORMING
        assert (case.case_type, case.member, case.body) == ("queja", house.members["irma"], SAID)
        assert str(costed.file.number) in case.matter
        kinds = {debt.kind for debt in owed_about(org=house.org, subject=case.subject)}
        assert "cases.legal_term" in kinds
        assert case.received_at == LATER
        assert any(line[1] == "conformity" for line in lines(marked))

    def test_names_who_was_assisted_and_tells_it_its_number(self, house, costed):
        _marked, case = complain(house, costed)
        assert case.person.document_number == costed.file.affiliate.document_number.replace(".", "")
        assert case.filled_by == "staff"

    def test_ends_as_not_conforming_and_without_survey(self, house, costed):
        complain(house, costed)
        ended = conclude(org=house.org, assistance_id=costed.pk, by=house.actor("luz"), now=LATER)
        assert (ended.stage, ended.conformity) == (Stage.CONCLUDED, Conformity.NONCONFORMING)
        let_time_pass(LATER)
        assert not Invitation.objects.filter(sample=CONFORMING).exists()

    def test_is_both_or_neither(self, house, costed, monkeypatch):
        def broken(**_said):
            raise RuntimeError

        monkeypatch.setattr(nonconforming_assistance_files_case, "assign_case", broken)
        with pytest.raises(RuntimeError):
            complain(house, costed)
        costed.refresh_from_db()
        assert not costed.conformity
        assert not Case.objects.exists()
        assert "conformity" in owed(costed)

    def test_twice_is_refused_and_files_once(self, house, costed):
        complain(house, costed)
        with pytest.raises(Refused):
            complain(house, costed)
        assert Case.objects.count() == 1

    def test_says_what_the_affiliate_said_or_is_refused(self, house, costed):
        with pytest.raises(Refused):
            complain(house, costed, comment=" ")
        assert not Case.objects.exists()


@pytest.mark.requirement("ASIS-12.3")
class TestContent:
    def concluded(self, house, costed, outcome=Conformity.CONFORMING):
        do(house, costed, "ask", now=LATER, outcome=outcome)
        return conclude(org=house.org, assistance_id=costed.pk, by=house.actor("luz"), now=LATER)

    def test_is_asked_once_by_link(self, house, costed):
        self.concluded(house, costed)
        let_time_pass(LATER)
        let_time_pass(LATER + timedelta(minutes=1))
        invitation = Invitation.objects.get(subject=costed.subject)
        assert invitation.sample in (CONFORMING, EVERYONE)
        assert Message.objects.filter(subject=costed.subject, template__startswith="survey").count() == 1

    def test_who_is_drawn_for_the_sample_of_everybody_is_marked_so(self, house, costed, monkeypatch):
        monkeypatch.setattr(ended_assistance_sends_survey, "in_share", lambda subject, share: True)
        self.concluded(house, costed)
        let_time_pass(LATER)
        assert Invitation.objects.get().sample == EVERYONE

    def test_who_is_not_content_is_asked_only_where_it_is_drawn(self, house, costed, monkeypatch):
        monkeypatch.setattr(ended_assistance_sends_survey, "in_share", lambda subject, share: True)
        complain(house, costed)
        conclude(org=house.org, assistance_id=costed.pk, by=house.actor("luz"), now=LATER)
        let_time_pass(LATER)
        assert Invitation.objects.get().sample == EVERYONE
