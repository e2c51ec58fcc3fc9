import pytest

from tests.contexts.messaging.sms.houses import a_texting_house
from tests.contexts.messaging.sms.stand_in import standing_in


@pytest.fixture
def stand_in(settings):
    """The gateways, on this machine. Each organisation's account is said by the test that needs it."""
    with standing_in() as running:
        settings.SMS_ADDRESSES = dict.fromkeys(["twilio", "telnyx"], running.address)
        settings.SMS_ACCOUNTS = {}
        yield running


@pytest.fixture(params=["twilio", "telnyx"])
def gateway(request):
    return request.param


@pytest.fixture
def texting(db, stand_in, settings, gateway):
    """An organisation in earnest whose texts leave by one gateway, and then by the other."""
    return a_texting_house(stand_in, settings, gateway)


@pytest.fixture
def real_texting(transactional_db, stand_in, settings, gateway):
    return a_texting_house(stand_in, settings, gateway)
