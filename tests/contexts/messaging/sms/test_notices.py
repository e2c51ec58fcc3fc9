"""Who left a mobile and no e-mail is told by text: that its case arrived, and that its answer is there."""

from datetime import timedelta

import pytest
from django.test import Client

from escucha.console.templates_check import wrong_with
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.contexts.messaging.queries import body_for_staff, messages_about
from escucha.contexts.messaging.rules.texts import measured, plain
from escucha.contexts.messaging.rules.writing import line_of
from tests.cast import ANA, TUESDAY
from tests.contexts.messaging.sms.houses import MOBILE
from tests.make import PROFILES, a_case, a_sent_case, profile

MOBILE_ONLY = ANA | {"email": ""}
SLUGS = sorted(folder.name for folder in PROFILES.iterdir() if (folder / "profile.toml").exists())
NIGHT = TUESDAY.replace(hour=3) + timedelta(days=1)


def to_person(house, case):
    about = messages_about(org=house.org, subject=case.subject)
    return [one for one in about if one.person_id == case.person_id]


class TestWhoIsTexted:
    def test_who_left_a_mobile_and_no_mail_has_its_number_and_the_way_to_follow(self, cafetal):
        case = a_case(cafetal, person=MOBILE_ONLY)
        [text] = to_person(cafetal, case)
        assert (text.channel, text.to, text.template) == ("sms", MOBILE, "acknowledged.sms")
        assert case.filing_number in text.body and case.contact_code in text.body and "/seguir/" in text.body
        assert "parque" not in text.body and "Ana" not in text.body  # nothing of what was written

    def test_who_left_both_is_written_to_once(self, cafetal):
        case = a_case(cafetal)
        assert [one.channel for one in to_person(cafetal, case)] == ["email"]

    @pytest.mark.parametrize(
        ("phone", "other", "to"),
        [
            ("601 000 0010", "300 000 0002", "+573000000002"),
            ("300 000 0001", "300 000 0002", MOBILE),
            ("601 000 0010", "", None),
            ("", "", None),
            ("123", "no tengo", None),
        ],
    )
    def test_the_first_number_that_takes_texts(self, cafetal, phone, other, to):
        case = a_case(cafetal, person=MOBILE_ONLY | {"phone": phone, "other_phone": other})
        assert [one.to for one in to_person(cafetal, case)] == ([to] if to else [])

    def test_that_its_answer_is_there_though_it_must_still_be_called(self, cafetal):
        case = a_sent_case(cafetal, person=MOBILE_ONLY)
        acknowledged, ready = to_person(cafetal, case)
        assert (acknowledged.template, ready.template) == ("acknowledged.sms", "answer_ready.sms")
        assert "/respuesta/" in ready.body and case.filing_number in ready.body
        assert "dinero" not in ready.body
        case.refresh_from_db()
        assert (case.state, case.notified_at) == ("sent", None)

    def test_by_night_only_where_a_life_is_at_risk(self, vidamar, settings):
        calm = a_case(vidamar, person=MOBILE_ONLY, suggested_type="queja", now=NIGHT)
        urgent = a_case(vidamar, person=MOBILE_ONLY, suggested_type="queja", emergency=True, now=NIGHT)
        assert [one.at_any_hour for case in (calm, urgent) for one in to_person(vidamar, case)] == [False, True]

    def test_from_an_example_never(self, cafetal, settings):
        settings.SMS_ACCOUNTS = {"cafetal": "twilio:AC1:secret"}
        settings.SMS_ADDRESSES = {"twilio": "http://127.0.0.1:1"}
        case = a_case(cafetal, person=MOBILE_ONLY)
        deliver(now=TUESDAY)
        assert [one.state for one in to_person(cafetal, case)] == ["kept"]

    def test_staff_reads_it_without_its_keys(self, cafetal):
        case = a_sent_case(cafetal, person=MOBILE_ONLY)
        for text in to_person(cafetal, case):
            read = body_for_staff(text, sample=False)
            assert case.contact_code not in read and "•••" in read
            assert read.rpartition("/respuesta/")[2].startswith("•••") or "/respuesta/" not in read
            assert case.filing_number in read


def test_forms_of_the_web_bury_no_telephone(cafetal):
    """Anybody may file with somebody else's number; that number gets one text an hour."""
    client = Client(headers={"host": cafetal.org.host})
    for words in ("Primera", "Segunda", "Tercera"):
        page = client.get("/radicar/").content.decode()
        key = page.partition('name="key" value="')[2].partition('"')[0]
        form = {"matter": words, "body": words, "suggested_type": "queja", "phone": "300 000 0001", "key": key}
        assert client.post("/radicar/", form).status_code == 302
    assert Message.objects.filter(channel="sms").count() == 1


class TestTheTextsOfEachProfile:
    def values(self, slug):
        base = f"https://{slug}.example.org"
        return {
            "organisation": profile(slug).identity.name,
            "number": "PQRS-2026-000123" if slug == "arrayanes" else "PQR-2026-000123",
            "due_on": "miércoles 16 de septiembre de 2026",
            "contact_code": "ABC234",
            "tracking_url": f"{base}/seguir/",
            "answer_url": f"{base}/respuesta/{'a' * 32}/",
        }

    @pytest.mark.parametrize("slug", SLUGS)
    @pytest.mark.parametrize("name", ["acknowledged.sms", "answer_ready.sms"])
    def test_fit_in_one_segment_as_they_are_sent(self, slug, name):
        text = profile(slug).messages[name]
        assert not wrong_with(name, text)
        said = line_of(text, self.values(slug))
        sent = plain(said) if profile(slug).section(SmsPolicy).transliterate else said
        assert measured(sent) == ("GSM-7", 1), len(sent)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Asunto: {number}",
            "{number} " + "a" * 161,
            "{number} " + "á" * 71,
            "sin lo que hace falta",
            "{number} {name}",
            "{number",
        ],
    )
    def test_that_are_wrong_are_told(self, text):
        assert wrong_with("acknowledged.sms", text)
