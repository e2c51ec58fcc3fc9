"""Who reviews what came decides each entry once, and what is counted of one organisation is of no other."""

from datetime import timedelta

import pytest

from escucha.contexts.messaging.models import Arrival, MailboxBalance, Message
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.messaging.operations.settling import (
    Refused,
    discard_mail,
    note_bounce,
    release_mail,
    restore_mail,
    take_for_review,
)
from escucha.contexts.messaging.queries.arrivals import (
    NoSuchArrival,
    counts_of,
    last_balances,
    last_uid,
    stuck_arrivals,
    waiting_mail,
)
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.letters import a_letter, of_corpus, parsed, received, settled

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def parked(cafetal):
    return settled(cafetal, of_corpus("mailing_list"))


def deciding(house, arrival, who="lucia", **said):
    return {"org": house.org, "arrival_id": arrival.pk, "by": house.actor(who)} | said


def facts(arrival):
    return [one.verb for one in entries_about(org=arrival.org, subject=f"arrival:{arrival.pk}")]


def acts(house, arrival, who="lucia"):
    """Each act of who reviews, on an entry."""
    said = deciding(house, arrival, who)
    return {
        "take": lambda: take_for_review(**said),
        "discard": lambda: discard_mail(why="advertising", now=LATER, **said),
        "release": lambda: release_mail(now=LATER, **said),
        "restore": lambda: restore_mail(now=LATER, **said),
    }


class TestDeciding:
    @pytest.mark.parametrize("act", ["take", "discard", "release", "restore"])
    def test_is_for_who_reviews_here(self, cafetal, vidamar, parked, act):
        assert vidamar.actor("marina").may("intake.review")
        for house, who in ((cafetal, "dario"), (vidamar, "marina")):
            with pytest.raises(NoSuchArrival):
                acts(house, parked, who)[act]()
        assert Arrival.objects.get() == parked and Arrival.objects.get().state == "parked"

    @pytest.mark.parametrize("act", ["take", "discard", "release"])
    def test_of_what_does_not_wait_is_refused_and_changes_nothing(self, cafetal, act):
        filed = settled(cafetal, a_letter())
        before = facts(filed)
        with pytest.raises(Refused, match="ya no espera revisión"):
            acts(cafetal, filed)[act]()
        filed.refresh_from_db()
        assert (filed.state, facts(filed)) == ("filed", before)

    def test_discarded_waits_no_more_until_it_is_brought_back(self, cafetal, parked):
        act = acts(cafetal, parked)
        with pytest.raises(Refused, match="ya no espera revisión"):
            act["restore"]()
        act["discard"]()
        parked.refresh_from_db()
        lucia = cafetal.members["lucia"]
        assert (parked.state, parked.settled_by, parked.settled_at) == ("parked", lucia, LATER)
        for refused in ("take", "discard", "release"):
            with pytest.raises(Refused):
                act[refused]()
        act["restore"]()
        parked.refresh_from_db()
        assert (parked.settled_by, act["take"]()) == (None, parked)
        assert [verb.rpartition("_")[2] for verb in facts(parked)[-2:]] == ["discarded", "restored"]

    def test_discarding_says_why(self, cafetal, parked):
        with pytest.raises(Refused, match="Escoja por qué"):
            discard_mail(why="porque sí", now=LATER, **deciding(cafetal, parked))

    def test_released_is_read_from_the_beginning(self, cafetal, parked):
        acts(cafetal, parked)["release"]()
        parked.refresh_from_db()
        assert (parked.state, parked.reason, parked.attempts, parked.next_try_at) == ("received", "", 0, LATER)
        assert facts(parked)[-1] == "messaging.mail_released"

    def test_a_text_is_not_read_from_the_beginning(self, cafetal, parked):
        """It has no letter."""
        Arrival.objects.update(channel="sms")
        with pytest.raises(Refused):
            acts(cafetal, parked)["release"]()


class TestABounce:
    def sent(self, house, **said):
        known = {
            "to": "ana@example.org",
            "subject": "case:1",
            "template": "x",
            "values": {},
            "otherwise": "Asunto: a\nb",
        }
        message = send_later(org=house.org, now=TUESDAY, **known)
        Message.objects.filter(pk=message.pk).update(**{"state": "sent", "next_try_at": None} | said)
        return message

    def noted(self, house, message, status="5.1.1"):
        about = note_bounce(org=house.org, message_id=message.pk, status=status, now=LATER)
        message.refresh_from_db()
        return about, message.state, message.error

    def test_says_once_that_it_did_not_arrive(self, cafetal):
        message = self.sent(cafetal)
        for _twice in range(2):
            assert self.noted(cafetal, message) == ("case:1", "failed", "bounce 5.1.1")
        assert [one.verb for one in entries_about(org=cafetal.org, subject="case:1")] == ["messaging.message_failed"]

    def test_without_a_code_says_no_code(self, cafetal):
        assert self.noted(cafetal, self.sent(cafetal), status="") == ("case:1", "failed", "bounce")

    def test_of_a_text_of_another_or_of_none_changes_nothing(self, cafetal, vidamar):
        text, message = self.sent(cafetal, channel="sms"), self.sent(cafetal)
        assert self.noted(cafetal, text) == ("", "sent", "")
        assert self.noted(vidamar, message) == ("", "sent", "")
        assert note_bounce(org=cafetal.org, message_id=10**9, status="", now=LATER) == ""


class TestCounting:
    def test_is_of_an_organisation_a_mailbox_and_a_span(self, cafetal, vidamar):
        parsed(cafetal, a_letter("una")), received(cafetal, a_letter("dos")), received(vidamar, a_letter("tres"))
        received(cafetal, a_letter("otra"), mailbox="otro"), received(cafetal, a_letter("tarde"), now=LATER)
        day = {"org": cafetal.org, "since": TUESDAY, "until": LATER}
        assert counts_of(mailbox="escucha", **day) == {"parsed": 1, "received": 1}
        assert counts_of(mailbox="otro", **day) == {"received": 1}
        assert stuck_arrivals(org=cafetal.org, before=LATER) == 3
        assert stuck_arrivals(org=cafetal.org, before=TUESDAY) == 0
        assert stuck_arrivals(org=vidamar.org, before=LATER) == 1

    def test_the_last_number_is_of_its_mailbox(self, cafetal, vidamar):
        for house, mailbox, uid in ((cafetal, "escucha", 7), (cafetal, "escucha", 3), (cafetal, "otro", 9)):
            received(house, a_letter(str(uid)), mailbox=mailbox, uid=uid, uid_validity=1)
        received(vidamar, a_letter("once"), uid=11, uid_validity=1)
        said = {"org": cafetal.org, "mailbox": "escucha"}
        assert [last_uid(uid_validity=validity, **said) for validity in (1, 2)] == [7, 0]

    def test_the_last_balance_is_one_of_each_mailbox(self, cafetal, vidamar):
        for house, mailbox, days in ((cafetal, "a", 0), (cafetal, "a", 1), (cafetal, "b", 0), (vidamar, "a", 5)):
            at = TUESDAY + timedelta(days=days)
            counts = {"in_mailbox": 1, "in_ledger": 1, "missing": 0}
            MailboxBalance.objects.create(org=house.org, mailbox=mailbox, day=at.date(), at=at, **counts)
        found = last_balances(org=cafetal.org)
        assert {key: one.day for key, one in found.items()} == {
            "a": (TUESDAY + timedelta(days=1)).date(),
            "b": TUESDAY.date(),
        }

    def test_what_waits_to_be_settled_is_a_letter_of_here_that_was_read(self, cafetal, vidamar):
        read, unread = parsed(cafetal, a_letter()), received(cafetal, a_letter())
        assert waiting_mail(org=cafetal.org, arrival_id=read.pk) == read
        assert waiting_mail(org=cafetal.org, arrival_id=unread.pk) is None
        assert waiting_mail(org=vidamar.org, arrival_id=read.pk) is None
        Arrival.objects.update(channel="sms")
        assert waiting_mail(org=cafetal.org, arrival_id=read.pk) is None
