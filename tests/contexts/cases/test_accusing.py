"""A report is kept from whom it names from its first moment: nobody has to open it to say so."""

import pytest

from escucha.console.database_health import reserve_finding
from escucha.console.health import Level
from escucha.contexts.cases.models import Accused
from escucha.contexts.cases.operations.accusing import name_whom_it_says
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.cases.operations.reserving import lift_accused, reserve_case
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number
from escucha.contexts.cases.queries.reserved import accused_of, keepers_of, unkept_cases
from escucha.contexts.cases.rules.accusing import Named, how_named, names_label
from escucha.flows.person_files_with_papers_and_consents import file_with_papers
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM
from tests.cast import PASSWORD, TUESDAY
from tests.contexts.cases.seen import own_verbs, told
from tests.make import a_case, a_house, as_run_role

NO, IN_PART, WHOLE = Named


@pytest.fixture
def second(cafetal):
    """Another who has the reserved channel, from a service. The first is Gabriel Ossa."""
    said = {"email": "teresa@cafetal.example.org", "name": "Teresa Vélez", "password": PASSWORD}
    cafetal.members["teresa"] = take_in(org=cafetal.org, unit=cafetal.unit("credito"), roles=["director"], **said)
    return cafetal.members["teresa"]


def reported(house, accused="", body="Cobran por los turnos.", **more):
    details = {"accused": accused} if accused else {}
    said = {"channel": "web", "letter_key": "", "filing_key": f"{accused}{body}"[:40], "now": TUESDAY} | more
    return file_with_papers(org=house.org, reserved=True, body=body, details=details, **said)


def who_sees(house, case):
    return [one.account.name for one in keepers_of(case, now=TUESDAY)]


class TestWhoIsNamed:
    @pytest.mark.parametrize(
        "accused",
        [
            "Gabriel Ossa",
            "el señor GABRIEL OSSA, director",
            "Ossa Gabriel",
            "Grabiel Osa",  # as it sounds
            "don Gabriel",
            "el doctor Ossa",
            "La Dirección de la Caja",
        ],
    )
    def test_never_opens_it(self, cafetal, second, accused):
        case = reported(cafetal, accused)
        with pytest.raises(NoSuchCase):
            case_by_number(org=cafetal.org, viewer=cafetal.actor("gabriel"), number=case.filing_number)
        assert own_verbs(case).count("accused_named") >= 1
        if "Direc" not in accused:  # which is the post of both
            assert who_sees(cafetal, case) == ["Teresa Vélez"]

    def test_nor_does_their_chain(self, cafetal, second):
        """Teresa sees everything; once she shares out the work too, everybody is hers."""
        second.roles = ["director", "service_head"]
        second.save(update_fields=["roles"])
        worker = take_in(
            org=cafetal.org,
            email="aldo@cafetal.example.org",
            name="Aldo Perea",
            password=PASSWORD,
            unit=cafetal.unit("credito"),
            roles=["service"],
        )
        case = reported(cafetal, "Un tal Aldo Perea")
        assert [one.member for one in accused_of(case)] == [worker]
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]

    def test_is_an_area_too(self, cafetal, second):
        case = reported(cafetal, "La jefa de crédito social, creo")
        assert [one.unit for one in accused_of(case)] == [cafetal.unit("credito")]
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]

    @pytest.mark.parametrize("channel", ["phone", "letter", "email"])
    def test_is_kept_from_what_is_taken_down_by_any_door(self, cafetal, second, channel):
        case = a_case(cafetal, channel=channel, reserved=True, body="Es Teresa Vélez quien cobra.", now=TUESDAY)
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]

    def test_is_kept_from_what_somebody_puts_in_the_reserve(self, cafetal, second):
        case = a_case(cafetal, body="Es Teresa Vélez quien cobra.", now=TUESDAY)
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("patricia"), now=TUESDAY)
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]
        assert own_verbs(case)[-2:] == ["case_reserved", "accused_named"]

    @pytest.mark.django_db
    def test_is_kept_from_what_is_found_to_be_a_report_when_it_is_classified(self):
        house = a_house("arrayanes")
        other = {"email": "rita@arrayanes.example.org", "name": "Rita Cano", "password": PASSWORD}
        take_in(org=house.org, unit=house.unit("urgencias"), roles=["manager"], **other)
        case = a_case(house, body="Es Rita Cano quien cobra por los turnos.", now=TUESDAY)
        by = {"org": house.org, "by": house.actor("camila"), "now": TUESDAY}
        classify_case(case_id=case.pk, case_type="denuncia", **by)
        case.refresh_from_db()
        assert case.reserved and who_sees(house, case) == ["Hernán Barón"]

    def test_may_be_told_of_in_what_happened(self, cafetal, second):
        case = reported(cafetal, body="La semana pasada Teresa Vélez me pidió plata por el crédito.")
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]

    def test_may_be_told_of_later_and_is_not_written_to(self, cafetal, second):
        case = reported(cafetal)
        by = {"org": cafetal.org, "case_id": case.pk, "by": cafetal.actor("gabriel"), "now": TUESDAY}
        classify_case(case_type="queja", **by)
        assign_case(member=second, **by)
        said = {"body": "Averigüé quién es: Teresa Vélez.", "channel": "sms", "by": CITIZEN, "now": TUESDAY}
        add_word(org=cafetal.org, case_id=case.pk, **said)
        assert who_sees(cafetal, case) == ["Gabriel Ossa"]
        assert [to for _template, to in told(case, "word_added_reserved")] == ["gabriel@cafetal.example.org"]
        case.refresh_from_db()
        assert case.member is None
        assert not [debt for debt in owed_about(org=cafetal.org, subject=case.subject) if debt.owner_member == second]

    def test_though_nobody_else_could_handle_it_and_then_doctor_says_so(self, cafetal):
        assert reserve_finding(now=TUESDAY).level is Level.WELL
        case = reported(cafetal, "Gabriel Ossa")
        assert who_sees(cafetal, case) == [] and unkept_cases(org=cafetal.org, now=TUESDAY) == 1
        found = reserve_finding(now=TUESDAY)
        assert found.level is Level.WRONG and "cafetal" in found.words and case.filing_number not in found.words

    @pytest.mark.parametrize("said", [{"accused": "don Gabriel"}, {"body": "Se lo conté a Gabriel Ossa."}])
    def test_in_doubt_is_never_the_last_who_could_handle_it(self, cafetal, said):
        assert who_sees(cafetal, reported(cafetal, **said)) == ["Gabriel Ossa"]

    def test_in_doubt_leaves_one_of_two(self, cafetal, second):
        assert len(who_sees(cafetal, reported(cafetal, "don Gabriel y doña Teresa"))) == 1


class TestWhoIsNot:
    @pytest.mark.parametrize("accused", ["", "El jefe de archivo", "Un vigilante del parque", "x" * 500, "¿?"])
    def test_goes_on_seeing_it(self, cafetal, second, accused):
        case = reported(cafetal, accused)
        assert who_sees(cafetal, case) == ["Gabriel Ossa", "Teresa Vélez"] and not Accused.objects.exists()

    def test_is_nobody_of_what_is_not_reserved(self, cafetal, second):
        case = a_case(cafetal, details={"accused": "Gabriel Ossa"})
        assert name_whom_it_says(org=cafetal.org, case_id=case.pk, by=SYSTEM, now=TUESDAY) == []

    def test_once_lifted_is_not_named_again(self, cafetal, second):
        case = reported(cafetal, "Teresa Vélez")
        [accused] = accused_of(case)
        said = {"org": cafetal.org, "case_id": case.pk, "now": TUESDAY}
        lift_accused(accused_id=accused.pk, by=cafetal.actor("gabriel"), **said)
        with as_run_role():
            assert name_whom_it_says(by=SYSTEM, **said) == []
        assert accused_of(case) == [] and own_verbs(case).count("accused_named") == 1


class TestNames:
    @pytest.mark.parametrize(
        ("text", "name", "how"),
        [
            ("Íngrid Ñáñez", "Ingrid Nañez", WHOLE),
            ("la doctora Luz Marina", "Luz Marina Daza", WHOLE),
            ("Marina, de la ventanilla", "Luz Marina Daza", IN_PART),
            ("Ana cobró, y fue Pedro quien le pagó al señor Ruiz", "Ana Ruiz", IN_PART),
            ("Santa Ana del Mar", "Juan del Mar", IN_PART),
            ("Cher", "Cher", WHOLE),
            ("nadie que yo conozca", "Ana Ruiz", NO),
            ("", "Ana Ruiz", NO),
            ("algo", "", NO),
            ("Ane", "Ana Ruiz", NO),  # too short for a slip
            ("Marina y otra Marina", "Marina Daza", IN_PART),  # one of its names, twice
            ("Osorio y Marina", "Luz Marina Daza Osorio", WHOLE),
        ],
    )
    def test_are_known_as_people_write_them(self, text, name, how):
        assert how_named(text, name) is how

    @pytest.mark.parametrize(
        ("text", "label", "named"),
        [
            ("en Recreacion y turismo", "Recreación y Turismo", True),
            ("en recreación", "Recreación y Turismo", False),
            ("", "Crédito", False),
            ("a y o", "A y O", False),
            ("en la caja", "Caja Norte", False),
            ("en el norte", "Caja Norte", False),
            ("caja del norte", "Caja Norte", True),
        ],
    )
    def test_of_areas_are_said_whole(self, text, label, named):
        assert names_label(text, label) is named
