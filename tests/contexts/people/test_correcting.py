"""What is known of a person is put right: what stood before is kept, and nothing of it is in the bitácora."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.contexts.people.models import Correction, Person
from escucha.contexts.people.operations.correcting import correct_person
from escucha.contexts.people.queries import corrections_of, data_of
from escucha.contexts.people.rules.correcting import (
    CORRECTS,
    FIELDS,
    NO_REASON,
    NOT_YOURS,
    NOTHING_LEFT,
    NOTHING_NEW,
    OVERTAKEN,
    addresses_left,
    blockers_to_correct,
    kind_after,
    reached_at,
    what_changes,
)
from escucha.flows.switchboard import COMPARISONS
from escucha.kernel.timeline.comparing import Compared, compare
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.test_races import at_once
from tests.contexts.people.seen import a_person, acted, facts
from tests.make import as_run_role

LATER = TUESDAY + timedelta(hours=2)
WHY = "Llamó y deletreó el correo; dijo su cédula y su radicado."
NOTHING = dict.fromkeys(FIELDS, "")
MAY, MAY_NOT = Actor("staff", acts=frozenset({CORRECTS})), Actor("staff")


def correcting(house, person, *, who="lucia", now=LATER, reason=WHY, seen=None, **said):
    return correct_person(
        org=house.org, person_id=person.pk, said=said, reason=reason, seen=seen, by=house.actor(who), now=now
    )


def differences(person):
    compare(COMPARISONS)
    compared = Compared([person.org])
    entries = entries_about(org=person.org, subject=person.subject)
    found = [one for entry in entries for one in compared.take(entry)] + list(compared.end())
    return [(one.message, one.erased) for one in found]


class TestRules:
    @pytest.mark.parametrize(
        ("said", "changes"),
        [
            ({}, {}),
            ({"email": " ANA@example.org "}, {}),
            ({"document_number": "1.990.000.001", "phone": "300  000 0001"}, {}),
            ({"email": "Ana.Berrio@Example.org"}, {"email": "ana.berrio@example.org"}),
            ({"email": ""}, {"email": ""}),
            ({"document_number": "1.990.000.009", "nothing": "x"}, {"document_number": "1990000009"}),
        ],
    )
    def test_what_changes_is_what_is_not_kept_so_already(self, said, changes):
        before = NOTHING | {"email": "ana@example.org", "document_number": "1990000001", "phone": "300 000 0001"}
        assert what_changes(before, said) == changes

    @pytest.mark.parametrize(
        ("by", "changes", "reason", "overtaken", "why"),
        [
            (MAY, None, None, False, []),
            (MAY_NOT, None, None, False, [NOT_YOURS]),
            (MAY, {"name": "Ana"}, "x", False, []),
            (MAY, {}, "x", False, [NOTHING_NEW]),
            (MAY, {}, " ", False, [NOTHING_NEW, NO_REASON]),
            (MAY, {"email": ""}, "x", False, [NOTHING_LEFT]),
            (MAY, {"name": "Ana"}, "x", True, [OVERTAKEN]),
        ],
    )
    def test_says_why_not(self, by, changes, reason, overtaken, why):
        before = NOTHING | {"email": "ana@example.org", "document_kind": "CC"}
        found = blockers_to_correct(by, before=before, changes=changes, reason=reason, overtaken=overtaken)
        assert [one.text for one in found] == why

    @pytest.mark.parametrize(
        ("kind", "before", "after", "now"),
        [
            ("natural", ("CC", "1990000001"), ("NIT", "9999991018"), "organisation"),
            ("organisation", ("NIT", "9999991018"), ("CC", "1990000001"), "natural"),
            ("organisation", ("", ""), ("CC", "1990000001"), "organisation"),  # it said so itself
        ],
    )
    def test_what_only_the_document_told_goes_with_it(self, kind, before, after, now):
        said = [NOTHING | dict(zip(("document_kind", "document_number"), one, strict=True)) for one in (before, after)]
        assert kind_after(kind, *said) == now

    def test_a_letter_goes_to_the_e_mail_or_to_the_first_mobile(self):
        phones = {"phone": "601 000 0001", "other_phone": "300 000 0002"}
        assert reached_at(NOTHING | phones | {"email": "ana@example.org"}) == "ana@example.org"
        assert reached_at(NOTHING | phones) == "300 000 0002"
        assert reached_at(NOTHING | {"phone": "601 000 0001"}) == ""

    @pytest.mark.parametrize(
        ("changes", "left"),
        [
            ({"email": "ana@example.org"}, {"ama@example.org"}),
            ({"phone": "300 000 0002", "other_phone": "300 000 0001"}, set()),  # the same two, in another order
            ({"phone": "601 000 0001"}, {"+573000000001"}),
            ({"name": "Ana"}, set()),
        ],
    )
    def test_what_is_nowhere_in_what_is_known_now_was_the_wrong_address(self, changes, left):
        before = NOTHING | {"email": "ama@example.org", "phone": "300 000 0001", "other_phone": "300 000 0002"}
        assert addresses_left(before, before | changes) == left


class TestCorrecting:
    def test_keeps_what_stood_before_who_when_and_why_and_no_value_in_the_fact(self, cafetal):
        ana = a_person(cafetal, email="ama@example.org")
        correction = correcting(cafetal, ana, email=" Ana@example.org", phone="300 000 0002", name=ANA["name"])

        ana.refresh_from_db()
        assert (ana.email, ana.phone, ana.name) == ("ana@example.org", "300 000 0002", ANA["name"])
        row = Correction.objects.get()
        assert (row, row.person, row.member, row.at, row.reason) == (
            correction,
            ana,
            cafetal.members["lucia"],
            LATER,
            WHY,
        )
        assert row.before == {"email": "ama@example.org", "phone": "300 000 0001"}
        assert row.after == {"email": "ana@example.org", "phone": "300 000 0002"}
        [(verb, data, kind)] = facts(ana)
        assert (verb, kind, data["correction"], data["corrected"]) == (
            "person_corrected",
            "staff",
            row.pk,
            "email,phone",
        )
        assert "example.org" not in json.dumps(data) and "300" not in json.dumps(data)

    def test_is_put_back_by_another(self, cafetal):
        ana = a_person(cafetal)
        wrong = correcting(cafetal, ana, document_number="1.990.000.002", name="Ana Berrío")
        correcting(cafetal, ana, now=LATER + timedelta(hours=1), **wrong.before)
        ana.refresh_from_db()
        assert data_of(ana) | {"document_number": "1.990.000.001"} == NOTHING | ANA
        assert [one.after.keys() for one in corrections_of(ana)] == [{"document_number", "name"}] * 2

    def test_of_what_is_refused_nothing_is_left(self, cafetal):
        ana = a_person(cafetal)
        for refused in ({"name": "X", "reason": "  "}, {"name": ANA["name"]}, {"name": "X", "who": "dario"}):
            with pytest.raises(Refused):
                correcting(cafetal, ana, **refused)
        ana.refresh_from_db()
        assert ana.name == ANA["name"] and not Correction.objects.exists() and not acted(ana)

    def test_is_of_its_own_organisation(self, cafetal, corrioverde):
        with pytest.raises(Person.DoesNotExist):
            correcting(corrioverde, a_person(cafetal), who="sofia", name="Otra")

    def test_says_nothing_of_who_else_has_the_document_and_makes_nobody_one(self, cafetal):
        """Neither refused nor told: whoever corrects would learn of anybody whether it is known."""
        ana, eva = a_person(cafetal), a_person(cafetal, name="Eva", document_number="1.990.000.002")
        correcting(cafetal, eva, document_number="1.990.000.001")
        assert Person.objects.filter(document_number="1990000001").count() == 2
        ana.refresh_from_db()
        assert (data_of(ana) | {"document_number": "1.990.000.001"}) == NOTHING | ANA and not acted(ana)

    def test_who_files_the_same_afterwards_is_the_same_person(self, cafetal):
        ana = a_person(cafetal, email="ama@example.org")
        correcting(cafetal, ana, email="ana@example.org")
        assert a_person(cafetal) == ana
        assert a_person(cafetal, email="ama@example.org") != ana

    def test_saw_another_correction_or_none(self, cafetal):
        ana = a_person(cafetal)
        first = correcting(cafetal, ana, seen=0, name="Ana L. Berrío")
        with pytest.raises(Refused, match="Otra persona corrigió"):
            correcting(cafetal, ana, seen=0, name="Ana B.")
        correcting(cafetal, ana, seen=first.pk, name="Ana B.")
        assert Correction.objects.count() == 2


@pytest.mark.requirement("MORE-03.3")
class TestWhatWasCorrected:
    def test_is_compared_with_the_bitácora(self, cafetal):
        ana = a_person(cafetal)
        correction = correcting(cafetal, ana, name="Ana Berrío")
        assert differences(ana) == []
        rows = Correction.objects.filter(pk=correction.pk)
        rows.update(after={"name": "Otra"})
        assert [erased for _message, erased in differences(ana)] == [False]
        rows.update(before={}, after={}, reason="")
        assert [erased for _message, erased in differences(ana)] == [True]
        rows.update(member=None)
        assert "alterada" in differences(ana)[0][0]
        rows.delete()
        assert "borrada" in differences(ana)[0][0]

    def test_is_written_with_the_rights_of_the_running_product_and_changed_by_nobody(self, cafetal):
        ana = a_person(cafetal)
        with as_run_role():
            correcting(cafetal, ana, name="Ana Berrío", document_kind="CE", email="a@example.org", address="Calle 1")
            for change in ("UPDATE people_correction SET reason = ''", "DELETE FROM people_correction"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(change)
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE people_person SET org_id = org_id")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [0, None])
def test_of_two_at_once_who_saw_the_other_page_is_told(real_cafetal, seen):
    ana = a_person(real_cafetal)

    def act(name):
        return lambda: correcting(real_cafetal, ana, seen=seen, name=name)

    results = at_once(act("Ana Uno"), act("Ana Dos"))
    done = [one for one in results if isinstance(one, Correction)]
    ana.refresh_from_db()
    if seen == 0:
        [no] = [one for one in results if isinstance(one, Refused)]
        assert no.blockers[0].text == OVERTAKEN and len(done) == 1
        assert ana.name == done[0].after["name"]
    else:  # one after the other: what the second found is what the first left
        first, second = sorted(done, key=lambda one: one.pk)
        assert second.before == first.after and ana.name == second.after["name"]
    assert acted(ana) == ["person_corrected"] * len(done)
