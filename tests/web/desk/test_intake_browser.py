"""The pages of the intake ledger in a real browser: no fault of accessibility at both widths, with everything open."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.queries.doors import cases_by_subject
from escucha.contexts.messaging.models import MailboxBalance
from escucha.contexts.messaging.operations.settling import discard_mail
from tests.browser import faults_at_both_widths
from tests.contexts.messaging.arriving.letters import a_letter, of_corpus, settled
from tests.make import a_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DOUBT = """Buen día.

Hace dos semanas presenté la solicitud {number} y nadie me ha llamado. Quisiera saber en qué va.

El mar, 3 mar 2026 a las 9:00, Caja Cafetal <escucha@cafetal.example.org> escribió:
> Su solicitud quedó radicada.
"""


@pytest.fixture
def entries(cafetal):
    now = timezone.now() - timedelta(hours=2)
    case = a_case(cafetal, now=now - timedelta(days=14))
    doubt = a_letter(
        DOUBT.format(number=case.filing_number),
        sender="Ana Berrío <ana.nueva@example.org>",
        subject=f"Re: Solicitud {case.filing_number}",
        files=[("recibo de pago.pdf", b"%PDF-1.4 x")],
    )
    settled(cafetal, a_letter(subject="El domingo no encontraron nuestra reserva en la taquilla del parque"), now=now)
    settled(cafetal, of_corpus("empty_body"), now=now)
    settled(cafetal, of_corpus("auto_submitted"), now=now)
    gone = settled(cafetal, of_corpus("nested_too_deep"), now=now)
    discard_mail(org=cafetal.org, arrival_id=gone.pk, why="advertising", by=cafetal.actor("lucia"), now=now)
    for days, missing in ((0, 2), (1, 0)):
        day = (now - timedelta(days=days)).date()
        counts = {"in_mailbox": 1240, "in_ledger": 1240 - missing, "filed": 31, "parked": 4, "duplicate": 1}
        MailboxBalance.objects.create(org=cafetal.org, mailbox="escucha", day=day, missing=missing, at=now, **counts)
    return {"doubt": settled(cafetal, doubt, now=now), "gone": gone}


ENDLESS = "urgente" * 30


@pytest.fixture
def endless(cafetal):
    """What a stranger wrote without a blank: where it is read."""
    now = timezone.now() - timedelta(hours=2)
    said = {"subject": ENDLESS, "files": [(f"{ENDLESS}.txt", b"x")], "sender": f"{ENDLESS[:150]} <eva@example.org>"}
    filed = settled(cafetal, a_letter(ENDLESS, **said), now=now)
    [case] = cases_by_subject(org=cafetal.org, viewer=cafetal.actor("lucia"), subjects=[filed.subject]).values()
    doubt = settled(cafetal, a_letter(f"Sobre {case.filing_number} {ENDLESS}", **said), now=now)
    return ["", "por-revisar/", f"{filed.pk}/", f"{doubt.pk}/", f"../casos/{case.filing_number}/"]


@pytest.mark.parametrize("width", [320, 1280])
def test_no_word_of_a_stranger_is_wider_than_the_page(request, endless, width):
    visit, wide = request.getfixturevalue("desk_page"), {}
    for path in endless:
        page = visit("lucia", f"entradas/{path}")
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: pixels for path, pixels in wide.items() if pixels > width} == {}


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_entries_are_for_everybody(request, entries):
    visit, found = request.getfixturevalue("desk_page"), {}
    for path in (
        "",
        "por-revisar/",
        "por-revisar/?de=programas",
        "cuadre/",
        *(f"{one.pk}/" for one in entries.values()),
    ):
        page = visit("lucia", f"entradas/{path}")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        found[path] = faults_at_both_widths(page)
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_a_letter_in_doubt_is_put_in_its_case(request, entries):
    page = request.getfixturevalue("desk_page")("lucia", "entradas/por-revisar/")
    page.get_by_role("link", name="Re: Solicitud").click()
    page.get_by_role("button", name="Poner en PQR-").click()
    page.wait_for_url("**/mesa/casos/**")
    expect(page.get_by_text("nadie me ha llamado").first).to_be_attached()
