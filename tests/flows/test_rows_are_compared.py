"""Rows of which the bitácora keeps a digest or an outcome: whoever changes them behind its back is found."""

import io
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations.answering import answer_case, check_answer
from escucha.contexts.cases.operations.handling import withdraw_case, write_note
from escucha.contexts.cases.operations.reaching import open_answer
from escucha.flows.switchboard import COMPARISONS
from escucha.kernel.orgs import queries
from escucha.kernel.orgs.queries import AlteredProfile, profile_of
from escucha.kernel.timeline import comparing
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import CITIZEN, known_facts
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.verify import Verification
from tests.cast import TUESDAY
from tests.make import ALL_MET, House, a_case, a_house, a_sent_case, an_answered_case, let_time_pass

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("MORE-03.3")]
Findings = Callable[[], list[str]]
LATER = TUESDAY + timedelta(days=3)
VERBS = {said.verb for said, _comparison in COMPARISONS}


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    def find() -> list[str]:
        return [f"{'·' if one.erased else '✗'} {one}" for one in Verification(key=None, folder=tmp_path).findings()]

    return find


@pytest.fixture
def case(cafetal: House, findings: Findings) -> Case:
    """Returned once by who checks, with a note, then answered again, sent and read."""
    case = an_answered_case(cafetal)
    about = {"org": cafetal.org, "case_id": case.pk, "now": TUESDAY + timedelta(days=1)}
    refused = {"verdicts": ALL_MET | {"clarity": False}, "reason": "Falta la fecha"}
    check_answer(**about, **refused, by=cafetal.actor("lucia"))
    write_note(**about, body="Se llamó a la tesorería", by=cafetal.actor("dario"))
    answer_case(**about, body="El lunes le devolvemos su dinero.", by=cafetal.actor("dario"))
    sent = a_sent_case(cafetal)
    open_answer(org=cafetal.org, token=Answer.objects.get(case=sent).link_token, now=LATER)
    withdrawn = a_case(cafetal)
    withdraw_case(org=cafetal.org, case_id=withdrawn.pk, by=CITIZEN, now=LATER)
    late = a_case(cafetal)
    let_time_pass(TUESDAY + timedelta(days=60))
    withdraw_case(org=cafetal.org, case_id=late.pk, by=CITIZEN, now=TUESDAY + timedelta(days=60))
    assert findings() == []
    return case


def do(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE cases_answer SET body = 'No le debemos nada.'", "no tiene el texto que entregó la dependencia"),
        ("UPDATE cases_answer SET salt = repeat('0', 32)", "no tiene el texto que entregó la dependencia"),
        ("UPDATE cases_answer SET case_id = (SELECT max(id) FROM cases_case)", "que dice la bitácora ya no está"),
        ("DELETE FROM cases_answer", "que dice la bitácora ya no está"),
        ("UPDATE cases_remark SET body = body || '.'", "La nota {0} no tiene el texto con que se escribió"),
        ("DELETE FROM cases_remark", "La nota {0} que dice la bitácora ya no está"),
    ],
)
def test_words_that_were_altered(case: Case, findings: Findings, statement: str, said: str) -> None:
    table = "cases_answer" if "cases_answer" in statement else "cases_remark"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id) FROM {table} WHERE case_id = %s", [case.pk])
        first = cursor.fetchone()[0]
    do(f"{statement} WHERE id = %s" if "WHERE" not in statement else statement, first)
    assert len(found := findings()) == 1
    assert found[0].startswith(f"✗ cafetal {case.subject} ")
    assert said.format(first) in found[0]


def test_words_that_were_erased_are_told_as_erased(case: Case, findings: Findings) -> None:
    do("UPDATE cases_remark SET body = ''")
    do("UPDATE cases_answer SET body = '' WHERE case_id = %s", case.pk)
    found = findings()
    assert len(found) == 4
    assert {line.split(" ", 1)[0] for line in found} == {"·"}
    assert all("fue borrado; la bitácora guarda su resumen" in line for line in found)


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ("outcome = 'met_late'", "outcome = 'met'", "no terminó como dice la bitácora"),
        ("outcome = 'met', cause = ''", "outcome = 'annulled'", "no terminó como dice la bitácora"),
        ("cause = 'otra'", "outcome = 'waived'", "no terminó como dice la bitácora"),
        ("outcome = '', settled_at = NULL, cause = ''", "outcome = 'met'", "no terminó como dice la bitácora"),
        ("settled_at = due_at", "outcome = 'met'", "tiene otro vencimiento u otro término"),
        ("due_at = settled_at - interval '1 s'", "outcome = 'met'", "tiene otro vencimiento u otro término"),
        ("kind = 'cases.otro'", "outcome = 'met'", "El plazo {0} que dice la bitácora ya no está"),
    ],
)
def test_ends_of_debts_that_were_altered(case: Case, findings: Findings, change: str, where: str, said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM commitments_commitment WHERE {where} AND due_at IS NOT NULL")
        chosen = cursor.fetchone()[0]
    do(f"UPDATE commitments_commitment SET {change} WHERE id = %s", chosen)
    assert len(found := findings()) == 1
    assert said.format(chosen) in found[0]


def test_a_debt_that_was_deleted(case: Case, findings: Findings) -> None:
    do(
        "WITH gone AS (SELECT max(id) AS id FROM commitments_commitment WHERE outcome = 'met'),"
        " steps AS (DELETE FROM commitments_step USING gone WHERE commitment_id = gone.id)"
        " DELETE FROM commitments_commitment USING gone WHERE commitments_commitment.id = gone.id"
    )
    assert "fue borrado" in findings()[0]


def test_only_the_organisation_asked_for(case: Case, tmp_path: Path) -> None:
    other = a_house("vidamar")
    do("UPDATE cases_answer SET body = 'otra'")
    assert list(Verification(key=None, folder=tmp_path, org=other.org).findings()) == []


def test_rows_are_looked_for_in_their_organisation(case: Case) -> None:
    other, compared = a_house("vidamar"), dict(COMPARISONS)
    facts = [fact_of(entry) for entry in Entry.objects.filter(org=case.org) if entry.verb in VERBS]
    assert len({type(fact) for fact in facts}) > 4
    for fact in facts:
        found = [list(compared[type(fact)]([fact], org=org)) for org in (case.org, other.org)]
        assert [len(one) for one in found] == [0, 1], fact


def test_hundreds_of_cases_cost_few_questions(
    cafetal: House, findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _turn in range(3):
        a_sent_case(cafetal)
    with CaptureQueriesContext(connection) as few:
        findings()
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    with CaptureQueriesContext(connection) as many:
        findings()
    assert len(few) < len(many)
    do("UPDATE cases_answer SET body = 'otra'")
    assert len(findings()) == 3


class TestAProfile:
    def test_that_was_altered_is_found_and_decides_nothing(self, cafetal: House, findings: Findings) -> None:
        assert findings() == []
        queries._profile.cache_clear()
        do("UPDATE orgs_profileversion SET document = jsonb_set(document, '{profile,organisation,name}', '\"Otra\"')")
        assert "La versión" in findings()[0] and "fue alterada" in findings()[0]
        with pytest.raises(AlteredProfile, match="cafetal fue alterada"):
            profile_of(cafetal.org, at=TUESDAY)

    @pytest.mark.parametrize("slug", ["cafetal", "vidamar", "arrayanes", "quetzal", "corrioverde"])
    def test_as_the_database_keeps_it_gives_its_digest(self, slug: str, db: None, findings: Findings) -> None:
        house = a_house(slug)
        queries._profile.cache_clear()
        assert profile_of(house.org, at=TUESDAY).identity.name
        assert findings() == []


def test_the_command_tells_both(case: Case, settings, tmp_path: Path) -> None:
    settings.ANCHOR_KEY, settings.ANCHORS = tmp_path / "anchor.key", tmp_path / "anchors"
    do("UPDATE cases_remark SET body = ''")
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().startswith("· cafetal ")
    assert "La bitácora está íntegra" in out.getvalue()
    do("UPDATE cases_answer SET body = 'otra'")
    with pytest.raises(SystemExit):
        call_command("verify", stdout=out)
    assert "✗ cafetal" in out.getvalue()


def test_every_digest_that_is_recorded_is_compared() -> None:
    digested = {said for said in known_facts() if "digest" in {field.name for field in fields(said)}}
    assert digested == {said for said, _comparison in COMPARISONS if said in digested}
    assert len(digested) > 4


def test_a_fact_is_compared_by_one() -> None:
    comparing.compare(COMPARISONS)
    with pytest.raises(TypeError):
        comparing.compare([(COMPARISONS[0][0], lambda facts, /, *, org: [])])
