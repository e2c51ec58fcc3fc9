"""What is tried to break: the desk, the store of files and the gateways of texts, as their own tests have them."""

import pytest

from tests.contexts.documents.conftest import store
from tests.contexts.messaging.sms.conftest import gateway, stand_in, texting
from tests.web.desk.conftest import at_desk, no_static_folder

__all__ = ["at_desk", "desk", "gateway", "no_static_folder", "stand_in", "store", "texting"]


@pytest.fixture
def desk(at_desk):
    """Signs a member in at the desk."""
    return at_desk
