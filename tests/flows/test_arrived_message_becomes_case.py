"""A letter becomes a case, or a word about the one it answers if our signature and its sender say so."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.documents.queries import files_about
from escucha.contexts.messaging.models import Arrival, Message
from escucha.contexts.messaging.operations.arriving import TRIES
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.contexts.messaging.operations.signing import keys, marks_of
from escucha.contexts.messaging.queries import messages_about
from escucha.contexts.messaging.rules.signatures import reference_of, reply_address, reply_token
from escucha.flows import arrived_message_becomes_case as flow
from escucha.flows.arrived_message_becomes_case import letter_key, settle_mail, settle_waiting_mail
from escucha.kernel.timeline.record import entries_about
from escucha.web.public.limits import key_of
from tests.cast import ANA, TUESDAY
from tests.contexts.messaging.arriving.letters import a_letter, answer_address, of_corpus, parsed, received, settled
from tests.contexts.messaging.conftest import use_server
from tests.contexts.messaging.server import MailServer
from tests.make import a_case, a_house

HOUR = timedelta(hours=1)
SOPORTE = "soporte.aportantes@vidamar.example.org"


@pytest.fixture
def earnest(db, settings):
    """No example: its letters leave, and its mailbox is one that is read."""
    settings.MAILBOXES = {"ESCUCHA_MAILBOX_CAFETAL_ESCUCHA": "imap://ana:x@127.0.0.1:1143"}
    return a_house("cafetal", sample=False)


@pytest.fixture
def box(settings):
    with MailServer() as server:
        use_server(settings, server.box.port)
        yield server.box


def case_of(arrival):
    return Case.objects.get(pk=int(arrival.subject.removeprefix("case:")))


class TestALetter:
    @pytest.mark.requirement("EPS-04.4")
    def test_becomes_a_case_received_when_the_server_had_it(self, cafetal):
        arrival = settled(cafetal, a_letter(), arrived_at=TUESDAY - 2 * HOUR)
        case = case_of(arrival)
        assert (case.channel, case.matter) == ("email", "Nos negaron la entrada")
        assert case.body == "Nos negaron la entrada con la reserva pagada."
        assert (case.received_at, case.filed_at, case.filled_by) == (TUESDAY - 2 * HOUR, TUESDAY, "person")
        assert (case.person.name, case.person.email) == ("Ana Lucía Berrío", "ana@example.org")
        assert (arrival.state, arrival.settled_at, arrival.settled_by) == ("filed", TUESDAY, None)
        facts = [entry.verb for entry in entries_about(org=cafetal.org, subject=f"arrival:{arrival.pk}")]
        assert facts == ["messaging.mail_arrived", "messaging.mail_filed"]

    def test_brings_its_files_and_itself(self, cafetal):
        raw = a_letter(files=[("recibo.txt", b"pagado"), ("otro.txt", b"x")])
        case = case_of(settled(cafetal, raw))
        files = [(one.kind, one.file.original_name) for one in files_about(org=cafetal.org, subject=case.subject)]
        assert files == [("message", "correo.eml"), ("evidence", "recibo.txt"), ("evidence", "otro.txt")]

    def test_with_a_file_that_is_not_taken_is_a_case_all_the_same(self, cafetal):
        case = case_of(settled(cafetal, a_letter(files=[("virus.exe", b"MZ" + b"\0" * 200)])))
        assert [one.kind for one in files_about(org=cafetal.org, subject=case.subject)] == ["message"]

    def test_is_one_case_however_often_it_is_settled(self, cafetal):
        arrival = settled(cafetal, a_letter())
        stale = Arrival.objects.get(pk=arrival.pk)
        stale.state = "parsed"
        settle_mail(stale, now=TUESDAY + HOUR)
        assert settle_waiting_mail(now=TUESDAY + HOUR) == 0
        assert Case.objects.count() == 1

    def test_is_all_or_nothing(self, cafetal, monkeypatch, caplog):
        def fail(*_args, **_said):
            raise RuntimeError("Nos negaron la entrada")

        arrival = parsed(cafetal, a_letter())
        with monkeypatch.context() as patched:
            patched.setattr(flow, "mail_filed", fail)
            settle_waiting_mail(now=TUESDAY)
        assert (Case.objects.count(), Message.objects.count()) == (0, 0)
        assert "Nos negaron" not in caplog.text
        settle_waiting_mail(now=TUESDAY + HOUR)
        arrival.refresh_from_db()
        assert (Case.objects.count(), arrival.state) == (1, "filed")

    def test_that_cannot_be_settled_stops_none_and_is_parked(self, cafetal, monkeypatch):
        bad, good = parsed(cafetal, a_letter("malo")), parsed(cafetal, a_letter("bueno"))
        settling = flow.settle_mail

        def stumble(arrival, *, now):
            if arrival.pk == bad.pk:
                raise RuntimeError
            settling(arrival, now=now)

        monkeypatch.setattr(flow, "settle_mail", stumble)
        for turn in range(TRIES + 1):
            settle_waiting_mail(now=TUESDAY + turn * HOUR)
        bad.refresh_from_db(), good.refresh_from_db()
        assert (good.state, bad.state, bad.reason) == ("filed", "parked", "unreadable")

    def test_without_a_sender_is_an_unsigned_case(self, cafetal):
        case = case_of(settled(cafetal, of_corpus("no_from")))
        assert (case.person, case.body) == (None, "No digo quien soy.")

    def test_that_says_nothing_waits_for_somebody(self, cafetal):
        arrival = settled(cafetal, of_corpus("empty_body"))
        assert (arrival.state, arrival.reason, Case.objects.count()) == ("parked", "empty", 0)

    def test_with_only_a_file_is_a_case(self, cafetal):
        assert case_of(settled(cafetal, of_corpus("only_an_attachment"))).matter == "Formulario"

    def test_that_could_not_be_read_whole_waits_for_somebody(self, cafetal):
        assert settled(cafetal, of_corpus("nested_too_deep")).reason == "cut"

    @pytest.mark.requirement("EPS-01.2")
    def test_to_the_support_mailbox_is_a_request_for_support(self, vidamar):
        arrival = settled(vidamar, a_letter(to=SOPORTE, subject=""), mailbox="soporte")
        case = case_of(arrival)
        assert (case.suggested_type, case.form) == ("reclamo", "soporte")
        assert (case.requester_kind, case.matter) == ("organisation", "Soporte del portal de aportantes")

    @pytest.mark.requirement("CORP-01.3")
    def test_to_the_authority_is_a_case_too(self, corrioverde):
        arrival = settled(corrioverde, a_letter(to="escucha@corrioverde.example.org"))
        assert (case_of(arrival).channel, arrival.state) == ("email", "filed")


class TestTheAcknowledgement:
    def test_repeats_nothing_that_the_sender_wrote(self, cafetal):
        raw = a_letter("Compre en malo.example.org", sender='"Gane en malo.example.org" <ana@example.org>')
        case = case_of(settled(cafetal, raw))
        [letter] = messages_about(org=cafetal.org, subject=case.subject)
        assert (letter.template, letter.to) == ("acknowledged", "ana@example.org")
        assert "malo" not in letter.title + letter.body and "Compre" not in letter.title + letter.body
        assert case.filing_number in letter.body

    def test_is_one_an_hour_for_an_address_by_whatever_door(self, cafetal):
        for name in ("ana", "Ana+otra", "ANA"):
            settled(cafetal, a_letter(name, sender=f"{name}@example.org"))
        assert (Case.objects.count(), Message.objects.filter(template="acknowledged").count()) == (3, 1)
        settled(cafetal, a_letter("más tarde"), now=TUESDAY + HOUR)
        assert Message.objects.filter(template="acknowledged").count() == 2
        assert letter_key("Ana+x@example.org") == key_of("letter", "ana@example.org")  # the public form's count

    @pytest.mark.parametrize("name", ["suppress_only", "several_from", "two_from_headers"])
    def test_is_not_sent_to_who_asks_for_none_or_signs_with_others(self, cafetal, name):
        assert settled(cafetal, of_corpus(name)).state == "filed"
        assert Message.objects.count() == 0

    def test_is_never_sent_to_our_own_mailboxes(self, cafetal):
        for sender in ("notificaciones@cafetal.example.org", "Notificaciones+case-1-abc@cafetal.example.org"):
            arrival = settled(cafetal, a_letter(sender=sender))
            assert (arrival.reason, Message.objects.count()) == ("robot:own_message", 0)


ROBOTS = {
    "auto_submitted": "away", "auto_generated": "generated", "precedence_bulk": "list", "mailing_list": "list",
    "away_spanish": "away", "away_english": "away", "away_portuguese": "away", "autoreply_header": "automatic_reply",
    "no_reply_sender": "no_reply_sender", "null_return_path": "no_return_path", "read_receipt": "read_receipt",
    "bounce_report": "bounce", "bounce_in_words": "bounce", "bounce_delayed": "bounce",
}  # fmt: skip


class TestWhatARobotWrote:
    @pytest.mark.parametrize("name", ROBOTS)
    def test_waits_for_somebody_and_is_never_answered(self, cafetal, name):
        arrival = settled(cafetal, of_corpus(name))
        assert (arrival.state, arrival.reason, arrival.automatic) == ("parked", f"robot:{ROBOTS[name]}", True)
        assert (Case.objects.count(), Message.objects.count()) == (0, 0)

    def test_is_never_a_word_about_a_case_even_with_our_signature(self, cafetal):
        case = a_case(cafetal)
        to = answer_address(cafetal, case.subject)
        settled(cafetal, a_letter(to=to, Auto_Submitted="auto-replied"))
        assert Word.objects.count() == 0


class TestALetterThatCameBack:
    def bounce(self, message_id, *, action="failed", status="5.1.1"):
        raw = of_corpus("bounce_report").replace(b"Action: failed", f"Action: {action}".encode())
        raw = raw.replace(b"Status: 5.1.1", f"Status: {status}".encode())
        return raw.replace(b"m7.case-12.abcdefghijklmnopqrst@example.org", message_id.encode())

    def sent(self, house, box):
        case = a_case(house)
        deliver(now=TUESDAY)
        return case, Message.objects.get(), box.arrived[-1].message["Message-ID"].strip("<>")

    def test_is_known_by_its_signature_and_makes_no_case(self, earnest, box):
        case, message, message_id = self.sent(earnest, box)
        for _twice in range(2):
            arrival = settled(earnest, self.bounce(message_id))
        message.refresh_from_db()
        assert (message.state, message.error) == ("failed", "bounce 5.1.1")
        first = arrival.duplicate_of
        assert (first.state, first.subject) == ("filed", case.subject)
        told = [entry.data for entry in entries_about(org=earnest.org, subject=case.subject)][-1]
        assert told == {"message": message.pk, "template": "acknowledged", "error": "bounce 5.1.1"}
        assert Case.objects.count() == 1

    def test_written_by_the_person_itself_is_none_and_waits_for_somebody(self, earnest, box):
        """Nobody's words end as the report of a letter that did not arrive."""
        _case, message, message_id = self.sent(earnest, box)
        said = {"subject": "No entregado: el subsidio de marzo", "In_Reply_To": f"<{message_id}>"}
        arrival = settled(earnest, a_letter("No me lo han entregado.", **said))
        message.refresh_from_db()
        assert (message.state, arrival.state, arrival.reason) == ("sent", "parked", "robot:bounce")

    def test_only_late_fails_nothing(self, earnest, box):
        _case, message, message_id = self.sent(earnest, box)
        arrival = settled(earnest, self.bounce(message_id, action="delayed", status="4.2.2"))
        message.refresh_from_db()
        assert (message.state, arrival.reason) == ("sent", "robot:bounce")

    def test_named_without_our_signature_fails_nothing(self, earnest, box):
        case, message, _message_id = self.sent(earnest, box)
        for made in (f"m{message.pk}.case-{case.pk}.{'a' * 20}", f"{message.pk}.{earnest.org.pk}.escucha"):
            assert settled(earnest, self.bounce(f"{made}@example.org")).state == "parked"
        message.refresh_from_db()
        assert message.state == "sent"

    def test_of_another_organisation_fails_nothing(self, earnest, box):
        _case, message, message_id = self.sent(earnest, box)
        other = a_house("vidamar")
        assert settled(other, self.bounce(message_id)).state == "parked"
        message.refresh_from_db()
        assert message.state == "sent"


class TestAnAnswer:
    def test_to_our_letter_from_the_person_is_a_word_about_its_case(self, earnest, box):
        case = a_case(earnest)
        deliver(now=TUESDAY)
        ours = box.arrived[-1].message
        reply_to = ours["Reply-To"].addresses[0].addr_spec
        assert reply_to.startswith("escucha+case-") and reply_to.endswith("@cafetal.example.org")
        raw = a_letter("Faltó decir que era el domingo.", to=reply_to, files=[("foto.txt", b"x")])
        arrival = settled(earnest, raw, now=TUESDAY + HOUR)
        word = Word.objects.get()
        assert (word.case, word.body, word.arrival) == (case, "Faltó decir que era el domingo.", arrival.pk)
        assert (arrival.state, arrival.subject, Case.objects.count()) == ("filed", case.subject, 1)
        files = [one.file.original_name for one in files_about(org=earnest.org, subject=case.subject)]
        assert files == ["correo.eml", "foto.txt"]
        assert Message.objects.filter(template="acknowledged").count() == 1

    def test_that_only_refers_to_our_letter_is_one_too(self, cafetal):
        case = a_case(cafetal)
        message = Message.objects.get()
        reference = reference_of(keys()[0], org_id=cafetal.org.pk, message=message.pk, subject=case.subject)
        settled(cafetal, a_letter("Sigo esperando", In_Reply_To=f"<{reference}@example.org>"))
        assert Word.objects.get().case == case

    def test_to_a_letter_signed_with_the_secret_of_before_is_one_too(self, cafetal, settings):
        case = a_case(cafetal)
        to = answer_address(cafetal, case.subject)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
        assert answer_address(cafetal, case.subject) != to
        settled(cafetal, a_letter("Sigo esperando", to=to))
        assert Word.objects.get().case == case

    def test_about_a_closed_case_is_kept_with_it(self, cafetal):
        case = a_case(cafetal)
        same = {"org": cafetal.org, "case_id": case.pk, "by": cafetal.actor("lucia"), "now": TUESDAY}
        withdraw_case(reason="Ya no la necesita.", **same)
        settled(cafetal, a_letter("Gracias", to=answer_address(cafetal, case.subject)))
        assert Word.objects.get().case == case

    def test_is_one_word_however_often_it_is_settled(self, cafetal):
        case = a_case(cafetal)
        arrival = settled(cafetal, a_letter(to=answer_address(cafetal, case.subject)))
        settle_mail(arrival, now=TUESDAY + HOUR)
        settled(cafetal, b"Received: again\r\n" + a_letter("x", to=answer_address(cafetal, case.subject)))
        assert Word.objects.filter(arrival=arrival.pk).count() == 1


class TestWhoIsNotThePerson:
    """Each of these once let a stranger into somebody's case elsewhere."""

    def waits(self, house, raw, reason):
        cases = Case.objects.count()
        arrival = settled(house, raw)
        assert (arrival.state, arrival.reason) == ("parked", reason)
        assert (Word.objects.count(), Case.objects.count()) == (0, cases)
        assert not Message.objects.filter(to="mala@example.org").exists()

    def test_has_the_address_of_the_answer_and_waits(self, cafetal):
        to = answer_address(cafetal, a_case(cafetal).subject)
        self.waits(cafetal, a_letter(to=to, sender="mala@example.org"), "stranger")

    def test_signs_beside_the_person_and_waits(self, cafetal):
        to = answer_address(cafetal, a_case(cafetal).subject)
        self.waits(cafetal, a_letter(to=to, sender="ana@example.org, mala@example.org"), "stranger")

    def test_takes_the_persons_name_and_waits(self, cafetal):
        to = answer_address(cafetal, a_case(cafetal).subject)
        self.waits(cafetal, a_letter(to=to, sender='"ana@example.org" <mala@example.org>'), "stranger")

    def test_has_the_persons_address_and_no_signature_and_makes_its_own_case(self, cafetal):
        a_case(cafetal)
        arrival = settled(cafetal, a_letter(sender=ANA["email"]))
        assert (arrival.state, Case.objects.count(), Word.objects.count()) == ("filed", 2, 0)

    def test_says_only_the_number_and_waits(self, cafetal):
        number = a_case(cafetal).filing_number
        for n, said in enumerate([number, number.lower().replace("-", " "), f"[{number}] hola"]):
            self.waits(cafetal, a_letter(f"{n}", subject=f"Re: {said}", sender=ANA["email"]), "number")

    def test_refers_to_an_unsigned_letter_of_before_and_waits(self, cafetal):
        a_case(cafetal)
        old = f"<{Message.objects.get().pk}.{cafetal.org.pk}.escucha@example.org>"
        self.waits(cafetal, a_letter(In_Reply_To=old, sender=ANA["email"]), "old_reference")

    @pytest.mark.parametrize("token", ["case-1", "x", "case-1-" + "a" * 20, "-", "%00", "case-1-"])
    def test_guesses_an_address_and_waits(self, cafetal, token):
        a_case(cafetal)
        self.waits(cafetal, a_letter(to=f"escucha+{token}@cafetal.example.org", sender=ANA["email"]), "odd_token")

    def test_has_the_signature_of_another_organisation_and_waits(self, cafetal, vidamar):
        theirs = a_case(vidamar, suggested_type="")
        token = reply_token(keys()[0], org_id=vidamar.org.pk, subject=theirs.subject)
        to = reply_address("escucha@cafetal.example.org", token)
        self.waits(cafetal, a_letter(to=to, sender=ANA["email"]), "odd_token")

    def test_answers_two_cases_and_waits(self, cafetal):
        one, two = a_case(cafetal), a_case(cafetal)
        to = f"{answer_address(cafetal, one.subject)}, {answer_address(cafetal, two.subject)}"
        self.waits(cafetal, a_letter(to=to, sender=ANA["email"]), "several")

    def test_writes_about_a_case_without_address_and_waits(self, cafetal):
        case = a_case(cafetal, person=ANA | {"email": ""})
        raw = of_corpus("no_from").replace(b"escucha@", answer_address(cafetal, case.subject)[:-20].encode() + b"@")
        self.waits(cafetal, raw, "stranger")

    def test_has_a_signature_about_what_is_no_case_and_waits(self, cafetal):
        self.waits(cafetal, a_letter(to=answer_address(cafetal, "account:1")), "stranger")
        self.waits(cafetal, a_letter("x", to=answer_address(cafetal, "case:999999")), "stranger")


class TestOurLetters:
    def test_to_the_person_of_a_case_say_where_to_answer(self, earnest):
        a_case(earnest)
        marks = marks_of(Message.objects.get(), earnest.profile)
        assert marks.reply_to.startswith("escucha+case-") and marks.reference.startswith("m")

    def test_say_it_only_where_the_answers_are_read(self, earnest, settings):
        a_case(earnest)
        settings.MAILBOXES = {}
        assert marks_of(Message.objects.get(), earnest.profile).reply_to == ""

    def test_to_staff_do_not(self, earnest):
        case = a_case(earnest)
        letter = Message.objects.create(
            org=earnest.org, to="x@example.org", subject=case.subject, template="x", title="x", body="x",
            queued_at=TUESDAY, next_try_at=TUESDAY,
        )  # fmt: skip
        assert marks_of(letter, earnest.profile).reply_to == ""

    def test_that_come_back_as_new_mail_are_never_answered(self, earnest, box):
        a_case(earnest)
        deliver(now=TUESDAY)
        raw = box.arrived[-1].message.as_bytes()
        arrival = settled(earnest, raw)
        assert (arrival.state, arrival.reason) == ("parked", "robot:generated")


def test_an_unread_letter_is_not_settled(cafetal):
    received(cafetal, a_letter())
    assert settle_waiting_mail(now=TUESDAY) == 0
