"""Every profile is complete, says what its document says, and never promises more time than the law gives."""

import json
from dataclasses import replace

import pytest

from escucha.console.profile_check import problems_in
from escucha.contexts.cases.policy import CasesPolicy, Stage, blockers_to_promise
from escucha.contexts.cases.rules.acts import ACTS
from escucha.kernel.profiles.loader import BadProfile, Profile
from escucha.kernel.worktime.terms import ReceiptRule, Unit
from tests.profiles.folders import BY_NAME, DAY, PROFILES, spoiled

every_profile = pytest.mark.parametrize("name", sorted(BY_NAME))


def policy_of(name: str) -> CasesPolicy:
    return BY_NAME[name].section(CasesPolicy)


def who_may(name: str, act: str) -> set[str]:
    return {role.key for role in BY_NAME[name].roles.values() if act in role.acts}


def promising(name: str, kind: str, *stages: Stage) -> list[str]:
    """What the law says to a promise of these stages for one kind."""
    profile, policy = BY_NAME[name], policy_of(name)
    types = {kind: replace(policy.types[kind], promise=stages)}
    bound = profile.identity.bound
    return list(blockers_to_promise(replace(policy, types=types), pack=profile.pack, bound=bound, on=DAY))


class TestEveryProfile:
    @pytest.mark.requirement("MORE-02.2", "MORE-02.3")
    @pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
    def test_has_nothing_to_correct(self, folder):
        assert problems_in(folder, on=DAY) == []

    def test_there_are_five(self):
        assert sorted(BY_NAME) == ["arrayanes", "cafetal", "corrioverde", "quetzal", "vidamar"]

    @every_profile
    def test_is_the_same_when_read_back_from_the_database(self, name):
        """jsonb keeps neither the order nor the spacing of what it was given."""
        profile = BY_NAME[name]
        stored = Profile(name, json.loads(json.dumps(profile.document, sort_keys=True)))
        for part in ("digest", "identity", "office", "units", "roles", "messages"):
            assert getattr(stored, part) == getattr(profile, part), part
        again, before = stored.section(CasesPolicy), profile.section(CasesPolicy)
        assert again == before
        assert list(again.types) == list(before.types)

    @every_profile
    def test_uses_invented_contact_details(self, name):
        identity = BY_NAME[name].identity
        assert identity.phone.startswith("601 000 00")
        assert identity.nit.startswith("999.999.")
        assert identity.email.endswith(f"@{name}.example.org")
        assert identity.sample

    @every_profile
    def test_gives_somebody_every_act_of_the_path(self, name):
        given = {act for role in BY_NAME[name].roles.values() for act in role.acts}
        missing = ACTS.keys() - given
        assert missing == (set() if policy_of(name).check else {"cases.check"})

    def test_looks_and_numbers_are_its_own(self):
        for part in ("accent", "nit", "phone", "name"):
            assert len({getattr(profile.identity, part) for profile in BY_NAME.values()}) == len(BY_NAME), part
        assert len({policy_of(name).series for name in BY_NAME}) == len(BY_NAME)

    def test_texts_are_its_own(self):
        """Each organisation writes to people in its own voice: no two bodies are equal."""
        for template in BY_NAME["cafetal"].messages:
            assert len({profile.messages[template] for profile in BY_NAME.values()}) == len(BY_NAME), template

    def test_receipts_never_repeat_what_the_sender_wrote(self):
        for profile in BY_NAME.values():
            assert "{name}" not in profile.messages["acknowledged"]

    @pytest.mark.parametrize("name", ["vidamar", "arrayanes"])
    @pytest.mark.parametrize("template", ["answer_ready", "answer_again"])
    def test_health_answers_name_the_authorities_one_may_go_to(self, name, template):
        text = BY_NAME[name].messages[template]
        assert "Superintendencia Nacional de Salud" in text
        assert "autoridad de salud de su departamento" in text


class TestTheLaw:
    @pytest.mark.requirement("MORE-02.3")
    def test_refuses_sixteen_days_for_a_complaint_naming_the_article(self):
        assert promising("cafetal", "queja", Stage("unit", days=15)) == []
        assert promising("cafetal", "queja", Stage("unit", days=14), Stage("central", days=2)) == [
            "queja: La promesa (16 días hábiles) supera el plazo legal:"
            " 15 días hábiles (Ley 1755 de 2015, art. 1 (Ley 1437 de 2011, art. 14))."
        ]

    @pytest.mark.requirement("MORE-02.3")
    def test_refuses_thirty_hours_where_a_life_is_at_risk(self):
        assert promising("vidamar", "reclamo_vital", Stage("unit", hours=24)) == []
        [why] = promising("vidamar", "reclamo_vital", Stage("unit", hours=30))
        assert why.startswith("reclamo_vital: La promesa (30 horas) supera el plazo legal: 24 horas (Supersalud")

    def test_refuses_days_where_it_gives_hours(self):
        assert "debe darse en horas" in promising("vidamar", "reclamo_vital", Stage("unit", days=1))[0]

    def test_refuses_eleven_days_for_information(self):
        assert "num. 1" in promising("cafetal", "informacion", Stage("unit", days=11))[0]

    def test_knows_no_such_kind(self):
        policy = policy_of("cafetal")
        types = {"queja": replace(policy.types["queja"], canonical="grievance")}
        profile = BY_NAME["cafetal"]
        [why] = blockers_to_promise(
            replace(policy, types=types), pack=profile.pack, bound=profile.identity.bound, on=DAY
        )
        assert why == "queja: La ley del país no tiene un plazo para «grievance»."


class TestReading:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda raw: raw["cases"].update(serie="X"),
            lambda raw: raw["cases"].pop("series"),
            lambda raw: raw["cases"].update(general="tutela"),
            lambda raw: raw["cases"].update(emergency_question="¿Es urgente?"),
            lambda raw: raw["cases"]["order"].pop(),
            lambda raw: raw["cases"]["types"]["queja"].update(legal_days=20),
            lambda raw: raw["cases"]["types"]["queja"].update(promise=[]),
            lambda raw: raw["cases"]["types"]["queja"].update(promise=[{"by": "unit", "days": 5, "hours": 2}]),
            lambda raw: raw["cases"]["types"]["queja"].update(
                promise=[{"by": "unit", "days": 5}, {"by": "central", "hours": 2}]
            ),
            lambda raw: raw["cases"]["types"]["queja"].update(promise=[{"by": "somebody", "days": 5}]),
            lambda raw: raw["cases"]["contact"].update(tries=3),
            lambda raw: raw["cases"]["ladder"].append({"step": "x", "spend": 1}),
        ],
    )
    def test_unknown_missing_or_impossible_keys_are_refused(self, spoil):
        BY_NAME["cafetal"].section(CasesPolicy)
        with pytest.raises(BadProfile):
            spoiled("cafetal", spoil).section(CasesPolicy)

    @pytest.mark.parametrize("part", ["organisation", "calendar"])
    def test_unknown_keys_of_the_kernel_are_refused(self, part):
        profile = spoiled("cafetal", lambda raw: raw[part].update(holidays=[]))
        with pytest.raises(BadProfile, match="holidays"):
            getattr(profile, {"organisation": "identity", "calendar": "office"}[part])


class TestVidamar:
    @pytest.mark.requirement("EPS-02.1")
    def test_promises_three_to_ten_days_by_kind(self):
        days = {
            kind.key: kind.promised.amount
            for kind in policy_of("vidamar").types.values()
            if kind.promised.unit is Unit.BUSINESS_DAYS
        }
        assert {"peticion", "queja", "reclamo", "denuncia"} <= days.keys()
        assert min(days.values()) == 3
        assert max(days.values()) == 10
        assert len(set(days.values())) > 2

    @pytest.mark.requirement("EPS-02.2")
    def test_a_promise_is_changed_in_the_profile_alone(self):
        def sooner(raw):
            raw["cases"]["types"]["queja"]["promise"] = [{"by": "unit", "days": 3}]

        assert policy_of("vidamar").types["queja"].promised.amount == 7
        assert spoiled("vidamar", sooner).section(CasesPolicy).types["queja"].promised.amount == 3

    @pytest.mark.parametrize("name", ["vidamar", "arrayanes"])
    def test_health_claims_run_by_the_hour_and_below_the_law(self, name):
        profile = BY_NAME[name]
        claims = [kind for kind in policy_of(name).types.values() if kind.canonical == "health_claim"]
        assert {kind.risk for kind in claims} == {"simple", "prioritized", "vital"}
        for kind in claims:
            law = profile.pack.legal_term(kind.canonical, on=DAY, risk=kind.risk, bound=profile.identity.bound)
            assert kind.promised.unit is law.term.unit is Unit.ELAPSED_HOURS
            assert kind.promised.amount < law.term.amount
        assert policy_of(name).types[policy_of(name).vital].risk == "vital"
        assert policy_of(name).emergency_question

    def test_assistants_answer_and_the_coordinator_also_assigns_and_checks(self):
        assert {"siau_assistant", "siau_coordinator"} <= who_may("vidamar", "cases.answer")
        assert who_may("vidamar", "cases.assign") == {"siau_coordinator"}
        assert who_may("vidamar", "cases.check") == {"siau_coordinator"}


class TestCafetal:
    @pytest.mark.requirement("CAJA-06.1", "CAJA-06.2", "CAJA-06.3")
    def test_every_kind_is_promised_in_five_days_of_the_service_and_two_of_user_attention(self):
        for kind in policy_of("cafetal").types.values():
            assert kind.promise == (Stage("unit", days=5), Stage("central", days=2))

    @pytest.mark.requirement("CAJA-10.1")
    def test_has_the_six_kinds_each_with_its_definition(self):
        types = policy_of("cafetal").types
        assert list(types) == ["queja", "reclamo", "sugerencia", "informacion", "peticion", "felicitacion"]
        assert len({kind.definition for kind in types.values()}) == 6
        assert all(kind.public for kind in types.values())

    def test_only_user_attention_classifies_checks_and_sends(self):
        for act in ("cases.classify", "cases.check", "cases.send", "cases.route"):
            assert who_may("cafetal", act) == {"attention", "attention_head"}
        assert who_may("cafetal", "cases.answer") == who_may("cafetal", "cases.return") == {"service", "service_head"}
        assert "staff" in who_may("cafetal", "cases.file")

    def test_what_comes_after_hours_is_received_the_next_day(self):
        rules = {name: profile.office.receipt_rule for name, profile in BY_NAME.items()}
        assert rules.pop("cafetal") is ReceiptRule.OFFICE_HOURS_ROLL
        assert set(rules.values()) == {ReceiptRule.CALENDAR_DATE}


class TestCorrioverde:
    @pytest.mark.requirement("CORP-03.3")
    def test_each_kind_has_its_own_course(self):
        types = policy_of("corrioverde").types
        assert [kind.key for kind in types.values() if kind.at_once] == ["queja"]
        assert types["queja"].promised.amount < types["reclamo"].promised.amount
        own = {types[key].definition for key in ("queja", "reclamo", "percepcion", "sugerencia")}
        assert len(own) == 4

    def test_the_director_of_the_unit_answers_and_communications_redirects(self):
        assert not policy_of("corrioverde").check
        assert "unit_director" in who_may("corrioverde", "cases.answer") & who_may("corrioverde", "cases.send")
        assert who_may("corrioverde", "cases.return") == {"unit_director"}
        assert who_may("corrioverde", "cases.classify") == who_may("corrioverde", "cases.route") == {"communications"}
        assert "communications" not in who_may("corrioverde", "cases.answer")

    def test_is_an_authority_with_civic_days_and_a_closing_by_its_own_act(self):
        profile = BY_NAME["corrioverde"]
        assert profile.identity.bound == "authority"
        assert "national-executive" in profile.office.layers
        assert all("Resolución" in act for act in profile.office.closures.values())


def test_the_quality_head_of_the_assistance_company_checks():
    assert who_may("quetzal", "cases.check") == {"quality_head"}
