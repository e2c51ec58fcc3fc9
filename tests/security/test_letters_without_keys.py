"""Letters are shown without what would let a reader act as the person; pages of them are never short in between."""

import re
from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Answer
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.queries import body_for_staff
from escucha.contexts.messaging.rules.writing import HIDDEN, masked
from tests.cast import TUESDAY
from tests.make import PROFILES, a_case, a_house, a_sent_case, profile
from tests.web.entering import entered

pytestmark = pytest.mark.django_db
KEYS = {
    "receipt_url": "https://x.example.org/recibo/AbC-_123/",
    "tracking_url": "https://x.example.org/seguir/",
    "contact_code": "K7QXW2",
    "answer_url": "https://x.example.org/respuesta/t0k-En_9/",
    "number": "PQR-2026-234567",
}


def shown(desk, message):
    return desk.get(f"/mesa/correos/{message.pk}/").content.decode()


def test_those_that_leave_show_no_key(client):
    house = a_house("cafetal", sample=False)
    case = a_sent_case(house)
    desk = entered(client, house, "lucia")
    pages = "".join(shown(desk, one) for one in Message.objects.filter(subject=case.subject))
    for key in (case.receipt_code, case.contact_code, Answer.objects.get().link_token):
        assert key not in pages
    assert HIDDEN in pages and case.filing_number in pages


def test_those_kept_for_want_of_a_mail_server_neither():
    house = a_house("cafetal", sample=False)
    case = a_case(house)
    Message.objects.update(state="kept", next_try_at=None)
    [letter] = Message.objects.filter(template="acknowledged")
    assert case.receipt_code not in body_for_staff(letter, sample=False)


def test_those_of_an_example_are_read_as_the_person_would(cafetal, client):
    case = a_case(cafetal)
    Message.objects.update(state="kept", next_try_at=None)
    assert case.receipt_code in shown(entered(client, cafetal, "lucia"), Message.objects.get())


@pytest.mark.parametrize("slug", sorted(path.name for path in PROFILES.iterdir() if (path / "profile.toml").exists()))
def test_in_the_words_of_every_profile(slug):
    for text in profile(slug).messages.values():
        written = re.sub(r"\{(\w+)\}", lambda found: KEYS.get(found[1], "algo"), text)
        said = masked(written)
        for key in ("AbC-_123", "K7QXW2", "t0k-En_9"):
            assert key not in said
        assert ("PQR-2026-234567" in written) == ("PQR-2026-234567" in said)
        assert ("/seguir/" in written) == ("/seguir/" in said)


def test_a_page_is_full_though_most_letters_are_of_others(corrioverde, client):
    """Forty letters of others between each two of one's own, and still thirty to a page."""
    own = a_case(corrioverde, by=corrioverde.actor("ramiro"), channel="counter", person=None)
    other = a_case(corrioverde, person=None)
    common = {
        "org": corrioverde.org,
        "template": "x",
        "to": "a@example.org",
        "title": "t",
        "body": "b",
        "state": "kept",
    }
    Message.objects.bulk_create(
        Message(
            subject=own.subject if n % 5 == 0 else other.subject, queued_at=TUESDAY + timedelta(minutes=n), **common
        )
        for n in range(200)
    )
    desk = entered(client, corrioverde, "ramiro")
    first = desk.get("/mesa/correos/")
    assert (len(first.context["rows"]), bool(first.context["next"])) == (30, True)
    second = desk.get("/mesa/correos/" + first.context["next"])
    assert (len(second.context["rows"]), second.context["next"]) == (10, "")
    assert {row["message"].subject for page in (first, second) for row in page.context["rows"]} == {own.subject}
    theirs = Message.objects.filter(subject=other.subject).first()
    assert desk.get(f"/mesa/correos/{theirs.pk}/").status_code == 404
