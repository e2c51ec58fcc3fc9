"""Who asks, who wrote it down and from where: what a case says of itself, read softly and never refused."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.policy import ANYBODY, CasesPolicy
from escucha.contexts.cases.rules.filing import Said
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.queries import files_about
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import last_fact, verbs
from tests.examples import many
from tests.make import a_case, a_house, profile

POLICY = profile("cafetal").section(CasesPolicy)


class TestWhoAsks:
    @pytest.mark.requirement("CORP-09.1", "CORP-09.2", "CORP-09.3")
    @pytest.mark.parametrize(
        ("key", "kind"),
        [
            ("organisation", "organisation"),
            ("internal", "internal"),
            ("interested", "interested"),
            ("person", "person"),
        ],
    )
    def test_is_a_person_an_organisation_a_part_of_the_house_or_anybody_concerned(self, cafetal, key, kind):
        case = a_case(cafetal, requester_kind=key)
        assert case.requester_kind == key
        assert POLICY.requesters[key].kind == kind

    def test_is_nobody_in_particular_where_the_policy_has_no_such_kind(self, cafetal):
        assert a_case(cafetal, requester_kind="director").requester_kind == ""

    def test_are_the_policys_in_its_own_words_and_order(self):
        raw = dict(profile("cafetal").raw["cases"])
        raw["requesters"] = [
            {"key": "member", "label": "Afiliado"},
            {"key": "provider", "label": "Prestador", "kind": "organisation"},
        ]
        assert list(CasesPolicy.read(raw).requesters) == ["member", "provider"]
        del raw["requesters"]
        assert list(CasesPolicy.read(raw).requesters) == [one.key for one in ANYBODY]

    @pytest.mark.parametrize(
        "wrong",
        [
            [{"key": "a", "label": "A", "kind": "robot"}],
            [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}],
            [{"key": "a" * 21, "label": "A"}],
        ],
    )
    def test_are_refused_by_the_check_of_profiles_where_they_make_no_sense(self, wrong):
        with pytest.raises(ValueError, match="requester"):
            CasesPolicy.read(dict(profile("cafetal").raw["cases"]) | {"requesters": wrong})


class TestWhoWroteIt:
    @pytest.mark.requirement("CORP-01.9")
    def test_is_kept_with_who_filled_the_form_for_the_person(self, cafetal):
        case = a_case(cafetal, filled_by="staff", by=cafetal.actor("bruno"), channel="counter")
        data, member = last_fact(case, "cases.case_filed")
        assert (case.filled_by, case.filed_by) == ("staff", cafetal.members["bruno"])
        assert (data["filled_by"], member) == ("staff", cafetal.members["bruno"].pk)

    @pytest.mark.requirement("CORP-01.9")
    def test_is_the_person_where_it_filled_it(self, cafetal):
        case = a_case(cafetal, filled_by="person")
        assert last_fact(case, "cases.case_filed")[0]["filled_by"] == "person"


class TestAnonymous:
    def test_has_no_person_whatever_was_typed(self, cafetal):
        case = a_case(cafetal, anonymous=True, person=ANA)
        assert (case.anonymous, case.person, case.identity_reserved) == (True, None, False)

    def test_is_another_thing_than_to_be_kept(self, cafetal):
        case = a_case(cafetal, identity_reserved=True)
        assert (case.anonymous, case.person.name, case.identity_reserved) == (False, ANA["name"], True)


class TestWhatMeansNothing:
    def test_is_left_out_and_the_case_is_filed(self, cafetal):
        case = a_case(
            cafetal,
            filled_by="robot",
            place_code="Bogotá",
            site="../otra",
            form="Formato 1",
            reasons=["respuesta_tardia", "<script>", ""],
            details={"folios": 3, "Uno Dos": "x", "medida": math.inf, "texto": "con\x00nulo", "objeto": object()},
        )
        assert (case.filled_by, case.place_code, case.site, case.form) == ("", "", "", "")
        assert case.reasons == ["respuesta_tardia"]
        assert case.details == {"folios": 3, "texto": "connulo"}

    def test_keeps_what_means_something(self, cafetal):
        said = {
            "site": "sede-norte",
            "place_code": "17001",
            "form": "corp02",
            "reasons": ["a1"],
            "details": {"x": True},
        }
        case = a_case(cafetal, **said)
        case.refresh_from_db()
        assert {name: getattr(case, name) for name in said} == said

    def test_a_word_that_no_case_has_is_a_mistake_of_ours(self, cafetal):
        with pytest.raises(TypeError):
            file_case(org=cafetal.org, channel="web", mater="x", by=CITIZEN, now=TUESDAY)

    @settings(max_examples=many(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        said=st.fixed_dictionaries(
            {},
            optional={
                "requester_kind": st.text(max_size=30),
                "filled_by": st.text(max_size=12),
                "site": st.text(max_size=70),
                "place_code": st.text(max_size=8),
                "form": st.text(max_size=50),
                "reasons": st.lists(st.text(max_size=70), max_size=30),
                "details": st.dictionaries(
                    st.text(max_size=70),
                    st.recursive(
                        st.none() | st.booleans() | st.floats() | st.text(max_size=20), st.lists, max_leaves=4
                    ),
                    max_size=6,
                ),
                "suggested_type": st.text(max_size=10),
                "matter": st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=300),
            },
        )
    )
    def test_anything_at_all_fits_the_columns(self, said):
        read = Said(**said).read(POLICY)
        assert len(read.requester_kind) <= 20 and len(read.site) <= 60 and len(read.place_code) <= 5
        assert len(read.matter) <= 200 and len(read.form) <= 40 and len(read.filled_by) <= 10
        assert read == read.read(POLICY)  # read twice is as once


class TestAttachments:
    @pytest.fixture
    def store(self, settings, tmp_path):
        settings.STORAGES |= {"files": settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}}

    def test_are_beside_the_case_in_their_order(self, cafetal, store):
        kept = [keep_file(org=cafetal.org, content=b"Una carta.", name=f"carta {n}.txt", now=TUESDAY) for n in range(2)]
        case = a_case(cafetal, attachments=kept)
        about = files_about(org=cafetal.org, subject=case.subject)
        assert [one.file for one in about] == kept
        assert verbs(case) == ["cases.case_filed", *["documents.file_attached"] * 2]

    def test_of_another_organisation_are_not_taken(self, cafetal, store):
        other = a_house("vidamar")
        theirs = keep_file(org=other.org, content=b"Una carta.", name="carta.txt", now=TUESDAY)
        case = a_case(cafetal, attachments=[theirs])
        assert files_about(org=cafetal.org, subject=case.subject) == []
