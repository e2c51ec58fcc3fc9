"""Why an identity was shown, and why a case stopped being reserved: whoever changes it behind the bitácora is found."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.reserving import open_up_case, reveal_identity
from escucha.kernel.timeline.verify import Verification
from tests.cast import TUESDAY
from tests.make import House, a_case

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("MORE-03.3")]


@pytest.fixture
def case(cafetal: House) -> Case:
    case = a_case(cafetal, reserved=True)
    about = {"org": cafetal.org, "case_id": case.pk, "by": cafetal.actor("gabriel"), "now": TUESDAY + timedelta(days=1)}
    reveal_identity(reason="Para citarla a declarar", **about)
    open_up_case(reason="Es una queja del servicio", **about)
    return case


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE cases_reveal SET reason = 'Por curiosidad'", "✗ La consulta de identidad {0} no tiene la razón"),
        ("UPDATE cases_reveal SET salt = repeat('0', 32)", "✗ La consulta de identidad {0} no tiene la razón"),
        ("DELETE FROM cases_reveal", "✗ La consulta de identidad {0} que dice la bitácora ya no está"),
        ("UPDATE cases_reveal SET reason = ''", "· La razón de la consulta de identidad {0} fue borrada"),
        ("UPDATE cases_remark SET body = 'Otra cosa'", "✗ La nota {1} no tiene el texto"),
    ],
)
def test_a_reason_that_was_changed(case: Case, tmp_path: Path, statement: str, said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM cases_reveal), (SELECT max(id) FROM cases_remark)")
        rows = cursor.fetchone()
        assert list(Verification(key=None, folder=tmp_path).findings()) == []
        cursor.execute(statement)
    [found] = Verification(key=None, folder=tmp_path).findings()
    assert said[2:].format(*rows) in str(found)
    assert found.erased is said.startswith("·")
