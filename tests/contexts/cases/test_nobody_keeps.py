"""A report that names who has the reserved channel is another's; one that names them all is told to who is above."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from escucha.console.database_health import reserve_finding
from escucha.console.explanation import explain
from escucha.console.health import Level
from escucha.console.policy_check import odd_in_policy
from escucha.contexts.cases.operations.accusing import name_whom_it_says
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import subjects_kept_from
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.cases.rules.reserve import RESERVED
from escucha.contexts.messaging.queries import kept_messages, messages_about
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.orgs.queries import members_of, org_by_slug, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import TUESDAY
from tests.contexts.cases.seen import at
from tests.contexts.cases.test_accusing import reported, who_sees
from tests.contexts.cases.test_accusing import second as second
from tests.make import House, a_house, let_time_pass, profile

pytestmark = pytest.mark.django_db
EVERY = ["arrayanes", "cafetal", "corrioverde", "quetzal", "vidamar"]


@pytest.fixture
def examples():
    """The organisations of the examples, with the staff of their scripts and nobody else's."""
    for slug in EVERY:
        house = a_house(slug)
        Member.objects.filter(org=house.org).update(active=False)
    call_command("seed", cases=0, verbosity=0)
    return [House(org_by_slug(slug), profile(slug), {}) for slug in EVERY]


def keepers_here(house):
    policy = profile_of(house.org, at=TUESDAY)
    return [one for one in members_of(org=house.org) if actor_of(one, policy).may(RESERVED)]


def told_above(case):
    return [one for one in messages_about(org=case.org, subject=case.subject) if one.template == "nobody_keeps"]


@pytest.mark.slow
def test_in_the_examples_who_is_named_leaves_another_and_doctor_has_nothing_to_say(examples):
    for house in examples:
        keepers = keepers_here(house)
        assert len(keepers) == 2
        for named, other in (keepers, reversed(keepers)):
            case = reported(house, named.account.name, filing_key=f"{house.org.slug}{named.pk}")
            assert list(keepers_of(case, now=TUESDAY)) == [other]
            assert told_above(case) == []
    assert reserve_finding(now=TUESDAY).level is Level.WELL


class TestWhenEverybodyIsNamed:
    def test_who_is_above_is_told_that_and_nothing_else(self, cafetal, second):
        case = reported(cafetal, "Gabriel Ossa y Teresa Vélez", body="Cobran por los turnos.")
        assert who_sees(cafetal, case) == []
        [letter] = told_above(case)
        assert letter.to == "consejo@cafetal.example.org" and "Consejo Directivo" in letter.body
        for word in (case.filing_number, "Gabriel", "Ossa", "Teresa", "turnos", "http", case.contact_code):
            assert word not in letter.title + letter.body
        assert letter in messages_about(org=case.org, subject=case.subject)
        for who in ("lucia", "patricia", "gabriel"):
            viewer = cafetal.actor(who)
            kept = subjects_kept_from(org=cafetal.org, viewer=viewer)
            assert letter not in kept_messages(org=cafetal.org, viewer=viewer, kept_from=kept)

    def test_it_is_told_once_a_day_and_again_while_its_terms_run(self, cafetal):
        case = reported(cafetal, "Gabriel Ossa")
        for _twice in range(2):
            name_whom_it_says(org=cafetal.org, case_id=case.pk, by=CITIZEN, now=TUESDAY + timedelta(hours=1))
        assert len(told_above(case)) == 1
        let_time_pass(at("2026-04-20"))
        days = [one.queued_at.date() for one in told_above(case)]
        assert len(days) == len(set(days)) and len(days) > 1
        let_time_pass(at("2026-04-20"))
        assert len(told_above(case)) == len(days)

    def test_it_is_told_to_no_address_of_whom_it_is_about(self, cafetal, monkeypatch):
        monkeypatch.setitem(cafetal.profile.raw["cases"]["above"], "email", "Gabriel@cafetal.example.org")
        cafetal.profile.__dict__.pop("_sections", None)
        case = reported(cafetal, "Gabriel Ossa")
        cafetal.profile.__dict__.pop("_sections", None)
        assert who_sees(cafetal, case) == [] and told_above(case) == []

    def test_while_somebody_is_left_nobody_above_knows(self, cafetal, second):
        case = reported(cafetal, "Gabriel Ossa")
        let_time_pass(at("2026-04-20"))
        assert told_above(case) == []


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ({"label": "Revisoría Fiscal", "email": "r@example.org"}, "avisamos a Revisoría Fiscal que hace falta alguien"),
        ({}, "aquí puede no quedar quien la abra"),
    ],
)
def test_who_reports_is_told_beforehand_what_becomes_of_it(client, arrayanes, above, said):
    document = json.loads(json.dumps(arrayanes.profile.document))
    document["profile"]["cases"]["above"] = above
    host, now = arrayanes.org.host, timezone.now()
    put_in_force(profile=Profile("arrayanes", document), host=host, valid_from=now - timedelta(hours=1), now=now)
    page = client.get("/denuncias/", HTTP_HOST="arrayanes.localhost:8000").content.decode()
    assert said in page and "r@example.org" not in page


class TestDoctor:
    def test_says_where_a_report_would_find_nobody(self, arrayanes):
        found = reserve_finding(now=TUESDAY)
        assert found.level is Level.CARE and "arrayanes" in found.words and "Una sola persona" in found.words

    def test_asks_it_only_where_reports_are_filed(self, cafetal):
        assert reserve_finding(now=TUESDAY).level is Level.WELL


class TestThePolicy:
    def changed(self, above):
        document = json.loads(json.dumps(profile("cafetal").document))
        document["profile"]["cases"]["above"] = above
        return Profile("cafetal", document)

    def test_says_who_is_above_in_every_example(self):
        assert all(profile(slug).section(CasesPolicy).above for slug in EVERY)

    @pytest.mark.parametrize(
        ("above", "key"),
        [
            ({"label": "Junta", "email": "junta"}, "cases.above.email"),
            ({"label": "", "email": "junta@example.org"}, "cases.above.label"),
        ],
    )
    def test_asks_for_a_name_and_an_address(self, above, key):
        assert key in dict(odd_in_policy(self.changed(above)))

    def test_is_explained(self):
        said = "\n".join(explain(profile("cafetal"), on=TUESDAY.date()))
        assert "Si una denuncia señala a todos ellos, se avisa a Consejo Directivo" in said
        assert "Auditoría Interna" in said
        assert "no se avisa a nadie" in "\n".join(explain(self.changed({}), on=TUESDAY.date()))
