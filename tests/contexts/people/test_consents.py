"""Consent: to one purpose, with its proof, only added; withdrawn as easily as it was given."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.contexts.people.models import Consent, Person
from escucha.contexts.people.operations.consenting import give_consent, withdraw_consent
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import agreements_of, consent_in_force, consents_of, has_consent, text_agreed_to
from escucha.contexts.people.rules.consenting import (
    NO_PROOF,
    NO_PURPOSE,
    NOT_ASKED,
    NOT_YOURS,
    NOTHING_GIVEN,
)
from escucha.flows.switchboard import COMPARISONS
from escucha.kernel.timeline.comparing import Compared, compare
from escucha.kernel.timeline.facts import CITIZEN, Actor
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.cast import TUESDAY
from tests.contexts.people.seen import a_newer_policy, a_person, acted, facts
from tests.make import a_case

LATER = TUESDAY + timedelta(days=30)


def giving(house, person, *, by=CITIZEN, now=TUESDAY, **changes):
    said = {"purpose": "survey", "channel": "web", "proof": "Casilla marcada en el formulario de radicar"}
    return give_consent(org=house.org, person_id=person.pk, by=by, now=now, **said | changes)


def withdrawing(house, person, *, by=CITIZEN, now=LATER, purpose="survey", **changes):
    return withdraw_consent(
        org=house.org, person_id=person.pk, purpose=purpose, channel="phone", by=by, now=now, **changes
    )


def a_newer_survey(house, **said):
    """The organisation words its survey anew, from a month later on."""
    with a_newer_policy(house, since=LATER) as people:
        people["purposes"]["survey"] |= said


def differences(person):
    compare(COMPARISONS)
    compared = Compared([person.org])
    entries = entries_about(org=person.org, subject=person.subject)
    found = [one for entry in entries for one in compared.take(entry)] + list(compared.end())
    return [(one.message, one.erased) for one in found]


class TestGiving:
    def test_is_a_row_with_its_proof_and_a_fact_without_any_word(self, cafetal):
        ana, lucia = a_person(cafetal), cafetal.actor("lucia")
        consent = giving(cafetal, ana, by=lucia, channel="counter", proof=" Hoja firmada, carpeta 12 ")

        purpose = cafetal.profile.section(PeoplePolicy).purposes["survey"]
        row = Consent.objects.get()
        assert (row, row.person, row.purpose, row.version, row.given) == (consent, ana, "survey", "1", True)
        assert row.text_digest == sha256(purpose.text.encode()).hexdigest()
        assert (row.at, row.channel, row.member_id) == (TUESDAY, "counter", lucia.member_id)
        assert row.proof == "Hoja firmada, carpeta 12"
        assert text_agreed_to(row) == purpose.text
        [(verb, data, kind)] = facts(ana)
        assert (verb, kind, data.keys()) == ("consent_given", "staff", {"consent", "digest", "proof_digest"})
        assert data["consent"] == row.pk
        assert has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)

    def test_of_one_purpose_is_of_no_other_and_silence_of_none(self, cafetal):
        ana, other = a_person(cafetal), a_person(cafetal, email="otra@example.org")
        giving(cafetal, ana)
        asked = ["answer", "preferential", "news", "", "nada"]
        assert not any(has_consent(org=cafetal.org, person=ana, purpose=one, at=LATER) for one in asked)
        assert not has_consent(org=cafetal.org, person=other, purpose="survey", at=LATER)

    def test_again_is_the_one_that_holds(self, cafetal):
        ana = a_person(cafetal)
        assert giving(cafetal, ana) == giving(cafetal, ana, channel="phone", now=LATER)
        assert acted(ana) == ["consent_given"]

    @pytest.mark.parametrize(
        ("said", "who", "why"),
        [
            ({"purpose": "nada"}, None, [NO_PURPOSE]),
            ({"purpose": "answer"}, None, [NOT_ASKED]),
            ({"proof": "  "}, None, [NO_PROOF]),
            ({}, "gabriel", [NOT_YOURS]),
            ({"purpose": "nada", "proof": ""}, "gabriel", [NOT_YOURS, NO_PURPOSE, NO_PROOF]),
        ],
    )
    def test_refused_changes_nothing(self, cafetal, said, who, why):
        ana = a_person(cafetal)
        with pytest.raises(Refused) as refused:
            giving(cafetal, ana, by=cafetal.actor(who) if who else CITIZEN, **said)
        assert [str(blocker) for blocker in refused.value.blockers] == why
        assert (Consent.objects.count(), facts(ana)) == (0, [])

    def test_a_new_version_of_the_text_is_asked_anew(self, cafetal):
        ana = a_person(cafetal)
        old = giving(cafetal, ana)
        a_newer_survey(cafetal, version="2", text="Acepto que la Caja me llame cada mes.")

        assert consent_in_force(org=cafetal.org, person=ana, purpose="survey", at=TUESDAY) == old
        assert not has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)
        new = giving(cafetal, ana, now=LATER)
        assert (new.version, text_agreed_to(new)) == ("2", "Acepto que la Caja me llame cada mes.")
        assert text_agreed_to(Consent.objects.get(pk=old.pk)) != text_agreed_to(new)
        assert has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)

    def test_a_text_that_only_was_mended_still_holds(self, cafetal):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        a_newer_survey(cafetal, text="Acepto que la Caja me escriba o me llame para preguntar cómo me atendieron.")
        assert has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)

    def test_a_case_is_filed_and_answered_without_any(self, cafetal):
        case = a_case(cafetal)
        assert case.person is not None
        assert Consent.objects.count() == 0


class TestWithdrawing:
    def test_adds_a_row_and_the_one_before_stays(self, cafetal):
        ana = a_person(cafetal)
        given = giving(cafetal, ana)
        withdrawn = withdrawing(cafetal, ana)

        assert [row.given for row in consents_of(org=cafetal.org, viewer=CITIZEN, person=ana)] == [False, True]
        assert (withdrawn.version, withdrawn.text_digest) == (given.version, given.text_digest)
        assert (withdrawn.at, withdrawn.channel, withdrawn.proof) == (LATER, "phone", "")
        assert acted(ana) == ["consent_given", "consent_withdrawn"]
        assert not has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)
        assert giving(cafetal, ana, now=LATER).given
        assert has_consent(org=cafetal.org, person=ana, purpose="survey", at=LATER)

    def test_is_told_beside_what_was_agreed(self, cafetal):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        said = {"org": cafetal.org, "viewer": CITIZEN, "person": ana, "at": LATER}
        assert [one.key for one in agreements_of(**said) if one.holds] == ["survey"]
        beto = a_person(cafetal, document_number="1.990.000.002", name="Beto")
        assert [one.key for one in agreements_of(**said | {"person": beto}) if one.holds or one.last] == []
        withdrawn = withdrawing(cafetal, ana)
        assert [one.last for one in agreements_of(**said) if one.key == "survey"] == [withdrawn]
        assert [one.key for one in agreements_of(**said) if one.holds] == []

    @pytest.mark.parametrize("before", ["nothing", "withdrawn"])
    def test_of_what_was_not_given_is_refused(self, cafetal, before):
        ana = a_person(cafetal)
        if before == "withdrawn":
            giving(cafetal, ana)
            withdrawing(cafetal, ana)
        rows = Consent.objects.count()
        with pytest.raises(Refused, match=NOTHING_GIVEN[:30]):
            withdrawing(cafetal, ana)
        assert Consent.objects.count() == rows

    def test_needs_no_purpose_that_is_still_asked_for(self, cafetal):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        a_newer_survey(cafetal, consent=False)
        assert not withdrawing(cafetal, ana, now=LATER + timedelta(days=1)).given


class TestKeeping:
    @pytest.mark.parametrize("statement", ["UPDATE people_consent SET given = given", "DELETE FROM people_consent"])
    def test_the_run_role_can_only_add(self, cafetal, statement):
        giving(cafetal, a_person(cafetal))
        with pytest.raises(DatabaseError, match="people_consent"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE escucha_run")
            cursor.execute(statement)

    def test_the_bitacora_finds_what_was_altered_and_tells_what_was_erased(self, cafetal):
        ana = a_person(cafetal)
        consent = giving(cafetal, ana)
        withdrawing(cafetal, ana)
        rows = Consent.objects.filter(pk=consent.pk)
        assert differences(ana) == []

        rows.update(proof="Otra hoja")
        [(altered, erased)] = differences(ana)
        assert ("alterada" in altered, erased) == (True, False)
        rows.update(proof="")
        assert [erased for _message, erased in differences(ana)] == [True]
        rows.update(purpose="news")
        assert [erased for _message, erased in differences(ana)] == [False]
        rows.delete()
        assert len(differences(ana)) == 1

    def test_a_withdrawal_turned_into_a_consent_is_found(self, cafetal):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        Consent.objects.filter(pk=withdrawing(cafetal, ana).pk).update(given=True)
        assert [erased for _message, erased in differences(ana)] == [False]


class TestWho:
    def test_another_organisation_neither_changes_nor_sees(self, cafetal, vidamar):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        for act in (giving, withdrawing):
            with pytest.raises(Person.DoesNotExist):
                act(vidamar, ana)
        assert consents_of(org=vidamar.org, viewer=vidamar.actor("marina"), person=ana) == []
        assert not has_consent(org=vidamar.org, person=ana, purpose="survey", at=LATER)

    def test_only_who_handles_cases_sees_what_was_agreed(self, cafetal):
        ana = a_person(cafetal)
        giving(cafetal, ana)
        seen = {
            who: len(consents_of(org=cafetal.org, viewer=cafetal.actor(who), person=ana)) for who in cafetal.members
        }
        assert seen.pop("bruno") == 0
        assert set(seen.values()) == {1}
        assert consents_of(org=cafetal.org, viewer=Actor("staff"), person=ana) == []
