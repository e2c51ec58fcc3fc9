"""The organisation of a host comes with its version of the moment, which is then not read again."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from escucha.kernel.orgs.models import Organisation, ProfileVersion
from escucha.kernel.orgs.queries import org_at, version_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def versions() -> list[ProfileVersion]:
    """Of one organisation: from noon on, and from an hour later on."""
    org = Organisation.objects.create(slug="lapacho", name="Lapacho", host="lapacho.example.org", created_at=NOON)
    return [
        ProfileVersion.objects.create(org=org, document={}, digest=f"{n}", valid_from=NOON + n * HOUR, loaded_at=NOON)
        for n in range(2)
    ]


@pytest.mark.parametrize(("later", "place"), [(-HOUR, 0), (HOUR / 2, 0), (HOUR, 1), (3 * HOUR, 1)])
def test_is_that_of_the_moment(versions: list[ProfileVersion], later: timedelta, place: int) -> None:
    found = org_at("Lapacho.example.org", at=NOON + later)
    assert found == versions[0].org
    assert version_of(found, at=NOON + later) == versions[place]
    assert version_of(versions[0].org, at=NOON + later) == versions[place]


def test_is_read_once_for_its_moment_and_again_for_another(
    versions: list[ProfileVersion], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = org_at("lapacho.example.org", at=NOON)
        assert found is not None
        assert version_of(found, at=NOON) == versions[0]
    with django_assert_num_queries(1):
        assert version_of(found, at=NOON + HOUR) == versions[1]


def test_is_of_no_other_host(versions: list[ProfileVersion]) -> None:
    assert org_at("guayacan.example.org", at=NOON) is None
