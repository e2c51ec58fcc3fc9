"""Every address of the assistance desk is shut to who does not work there, whatever it is asked with."""

import re

import pytest
from django.test import Client

from escucha.web.desk.urls import urlpatterns
from tests.web.desk.conftest import sign_in

ADDRESSES = sorted({str(one.pattern) for one in urlpatterns if str(one.pattern).startswith("asistencia/")})


@pytest.mark.parametrize("who", [None, "wilson"])
def test_nobody_else_enters(no_static_folder, quetzal, who):
    client = Client(headers={"host": quetzal.org.host})
    shut = {302, 405}  # to the door; or it is not asked with that
    if who:
        sign_in(client, quetzal.members[who].account)
        shut = {403, 405}
    assert len(ADDRESSES) > 30
    for address in ADDRESSES:
        path = "/mesa/" + re.sub(r"<int:\w+>", "1", address)
        codes = {client.get(path).status_code, client.post(path).status_code}
        assert codes <= shut and codes != {405}, (path, codes)
