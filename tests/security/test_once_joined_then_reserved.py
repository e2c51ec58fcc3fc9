"""A case that was joined to another and then passed to the reserved channel: what is beside the other says nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.operations.joining import merge_cases, undo_merge
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.messaging.models import Message
from escucha.kernel.timeline.facts import CITIZEN
from tests.make import a_routed_case


@pytest.fixture
def parted(cafetal):
    now = timezone.now() - timedelta(days=1)
    main, case = (a_routed_case(cafetal, now=now - timedelta(hours=hours)) for hours in (2, 1))
    by = {"org": cafetal.org, "by": cafetal.actor("patricia"), "now": now}
    merge_cases(case_id=case.pk, into_id=main.pk, **by)
    said = "El jefe cobra mordida por la piscina."
    add_word(org=cafetal.org, case_id=case.pk, body=said, channel="web", by=CITIZEN, now=now)
    undo_merge(case_id=case.pk, **by)
    reserve_case(case_id=case.pk, **by)
    return main, case


@pytest.mark.parametrize("who", ["patricia", "lucia"])
def test_no_page_about_the_other_tells_of_it(request, parted, who):
    main, case = parted
    client = request.getfixturevalue("at_desk")(who)
    [letter] = Message.objects.filter(template="cases_joined")
    assert case.filing_number in letter.title
    for address in (
        f"/mesa/casos/{main.filing_number}/",
        "/mesa/correos/",
        f"/mesa/correos/{letter.pk}/",
        "/mesa/bitacora/",
    ):
        page = client.get(address)
        text = page.content.decode()
        assert page.status_code == 200
        for told in (case.filing_number, case.filing_number.replace("-", " "), "mordida"):
            assert (address, told in text) == (address, False)


def test_who_has_the_channel_reads_what_was_said_of_it(request, parted):
    _main, case = parted
    client = request.getfixturevalue("at_desk")("gabriel")
    assert "mordida" in client.get(f"/mesa/casos/{case.filing_number}/").content.decode()
