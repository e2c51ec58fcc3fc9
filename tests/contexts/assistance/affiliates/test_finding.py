"""Looking somebody up: exactly, in one statement, and only by who may; and putting a status right by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.operations.correcting import correct_status
from escucha.contexts.assistance.queries.affiliates import (
    NoSuchAffiliate,
    affiliate_by_id,
    affiliate_list,
    beneficiaries_of,
    find_affiliates,
)
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused
from tests.cast import TUESDAY
from tests.contexts.assistance.affiliates.sent import JULIO, MARTA, NIDIA, affiliate, as_csv, imported
from tests.make import a_house

MANY = """
INSERT INTO assistance_affiliate (org_id, account, plan, relation, first_name, last_name, document_kind,
    document_number, validator, phone, other_phone, email, area, address, status, keys, external_key, known_since,
    changed_at)
SELECT org_id, account, plan, '', '', '', '', '', '', '', '', '', '', '', status, ARRAY['d:' || n], 'k:' || n,
    known_since, changed_at
FROM assistance_affiliate, generate_series(1, 3000) AS n WHERE document_number = '1.990.000.012'
"""
NOBODY = Actor("staff", acts=frozenset({"cases.see", "people.find"}))


@pytest.fixture
def known(desk):
    imported(desk, as_csv(MARTA, JULIO, NIDIA))
    return desk


def found_by(house, said, **more):
    viewer = more.pop("viewer", house.actor("luz"))
    return [one.first_name for one in find_affiliates(org=house.org, viewer=viewer, said=said, **more)]


@pytest.mark.requirement("ASIS-01.4", "ASIS-01.5")
class TestFinding:
    def test_by_a_key_in_one_statement_through_its_index(self, known):
        viewer = known.actor("luz")
        with CaptureQueriesContext(connection) as asked:
            found = find_affiliates(org=known.org, viewer=viewer, said="1.990.000.012")
        assert [one.first_name for one in found] == ["Julio"]
        assert len(asked) == 1
        with connection.cursor() as cursor:
            cursor.execute(MANY)
            cursor.execute("ANALYZE assistance_affiliate")
            cursor.execute("EXPLAIN " + asked[0]["sql"])
            assert "affiliates_by_key" in str(cursor.fetchall())

    def test_who_may_not_is_told_nothing(self, known):
        for said in ("1990000011", "POL-11", "300 000 0011"):
            assert found_by(known, said, viewer=NOBODY) == []
        assert found_by(known, "Cadavid", viewer=NOBODY, account="techo_amigo") == []
        assert affiliate_list(org=known.org, viewer=NOBODY, account="techo_amigo") == []
        with pytest.raises(NoSuchAffiliate):
            affiliate_by_id(org=known.org, viewer=NOBODY, affiliate_id=affiliate(known, MARTA[0]).pk)

    def test_nor_is_another_organisation(self, known):
        other = a_house("cafetal")
        viewer = Actor("staff", acts=frozenset({"assistance.handle"}), everywhere=True)
        assert find_affiliates(org=other.org, viewer=viewer, said="1990000011") == []

    def test_the_active_come_first_and_an_account_narrows(self, known):
        row, headings = ["1.990.000.013", "Nidia", "Ávila", "ABC 123"], ["CC", "Nombre", "Apellidos", "Placa"]
        imported(known, as_csv(row, headings=headings), account="ruta_clara")
        found = find_affiliates(org=known.org, viewer=known.actor("irma"), said="1990000013")
        assert [(one.account, one.status) for one in found] == [("ruta_clara", "active"), ("techo_amigo", "inactive")]
        assert found_by(known, "1990000013", account="techo_amigo") == ["Nidia"]

    @pytest.mark.parametrize("said", ["ávila", "AVILA NIDIA", "Nidia Avila", "nidia ávi"])
    def test_by_name_within_an_account(self, known, said):
        assert found_by(known, said, account="techo_amigo") == ["Nidia"]
        assert found_by(known, said) == []

    def test_a_percent_sign_is_a_letter(self, known):
        assert found_by(known, "%%%", account="techo_amigo") == []
        assert found_by(known, "___", account="techo_amigo") == []


def test_a_beneficiary_comes_with_its_holder(desk):
    headings = ["Documento", "Nombres", "Apellidos", "Documento del titular", "Parentesco"]
    son = ["1.990.000.014", "Elián", "Cadavid", "1.990.000.011", "Hijo"]
    imported(desk, as_csv([*MARTA[:3], "", ""], son, headings=headings))
    viewer = desk.actor("luz")
    with CaptureQueriesContext(connection) as asked:
        [found] = find_affiliates(org=desk.org, viewer=viewer, said="1990000014")
        assert found.holder.first_name == "Marta Inés"
    assert len(asked) == 1
    assert beneficiaries_of(org=desk.org, viewer=viewer, affiliate=found.holder) == [found]


@pytest.mark.requirement("ASIS-01.2")
def test_a_status_is_put_right_by_who_may(known):
    one = affiliate(known, MARTA[0])
    said = {"org": known.org, "affiliate_id": one.pk, "now": TUESDAY}
    assert correct_status(status="inactive", by=known.actor("paula"), **said).status == "inactive"
    for who, status in (("paula", "inactive"), ("luz", "active")):
        with pytest.raises(Refused):
            correct_status(status=status, by=known.actor(who), **said)
    with pytest.raises(NoSuchAffiliate):
        correct_status(status="active", by=NOBODY, **said)


@pytest.mark.requirement("ASIS-01.3")
def test_the_worker_imports_with_the_rights_of_its_role(desk):
    """It owns nothing; a table of its own for a moment is all that it needs."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
        try:
            one = imported(desk, as_csv(MARTA))
        finally:
            cursor.execute("RESET ROLE")
    assert one.state == "done"
