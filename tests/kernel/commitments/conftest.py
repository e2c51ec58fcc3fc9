import pytest

from tests.kernel.commitments.making import Office, an_office


@pytest.fixture
def office(db: None) -> Office:
    return an_office()


@pytest.fixture
def real_office(transactional_db: None) -> Office:
    """An office whose rows are committed, for tests with several connections."""
    return an_office()
