"""What two coordinators, or two clicks, may do at once: real threads, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.operations.covering import cancel_at_once
from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.starting import accept_assistance, open_assistance
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.words import Refused
from tests.assisting import CALLER, PLACES, a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import HOUR, doing, ended, lines, owed, verbs
from tests.make import a_house

pytestmark = pytest.mark.slow
REJECTED = {"offered": True, "rejected": True}


@pytest.fixture
def desk(transactional_db):
    """The company with its rows committed, for several connections."""
    return a_house("quetzal")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave or raised, all begun together. Whoever waits for ever fails instead."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            start.wait(20)
            return act()
        except (Refused, Overtaken) as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def noes(results: list[object]) -> list[type]:
    return [type(one) for one in results if isinstance(one, Exception)]


@pytest.mark.parametrize("seen", [True, False])
def test_of_two_who_accept_at_once_one_does(desk, seen):
    one = an_assistance(desk)
    said = {"priority": "emergency", "consent": True, "version": one.version if seen else None}
    results = at_once(
        *(lambda who=who: doing(desk, accept_assistance, one, who, TUESDAY, **said) for who in ("luz", "fabian"))
    )
    assert noes(results) == [Overtaken if seen else Refused]
    assert verbs(one).count("assistance_moved") == 1
    assert Commitment.objects.filter(subject=one.subject).count() == 1


@pytest.mark.requirement("ASIS-04.1")
def test_of_two_who_accept_the_last_event_at_once_one_gets_it(desk):
    affiliate = an_affiliate(desk)
    for _event in range(2):
        accepted(desk, file=a_file(desk, affiliate=affiliate))
    both = [an_assistance(desk, file=a_file(desk, affiliate=affiliate)) for _turn in range(2)]
    results = at_once(
        *(
            lambda one=one: doing(desk, accept_assistance, one, "luz", TUESDAY, priority="emergency", consent=True)
            for one in both
        )
    )
    assert noes(results) == [Refused]
    assert sorted(Assistance.objects.filter(pk__in=[one.pk for one in both]).values_list("stage", flat=True)) == [
        "opening",
        "to_assign",
    ]


def test_of_two_who_close_at_once_one_does(desk):
    file = a_file(desk)
    results = at_once(
        *(
            lambda who=who: doing(desk, close_file, file, who, TUESDAY, empty_reason="Se cortó")
            for who in ("luz", "paula")
        )
    )
    assert noes(results) == [Refused]
    assert verbs(file).count("file_closed") == 1


@pytest.mark.requirement("ASIS-12.5")
def test_a_close_and_a_new_assistance_at_once_leave_none_open_in_a_closed_file(desk):
    for _turn in range(5):
        file = a_file(desk)
        results = at_once(
            lambda file=file: doing(desk, close_file, file, "luz", TUESDAY, empty_reason="Se cortó"),
            lambda file=file: doing(desk, open_assistance, file, "fabian", TUESDAY, service="plomeria"),
        )
        assert noes(results) == [Refused]
        file.refresh_from_db()
        assert Assistance.objects.filter(file=file).exists() is file.is_open


def test_two_that_end_at_once_agree_on_which_was_the_last(desk):
    for _turn in range(5):
        file = a_file(desk)
        both = [an_assistance(desk, file=file, service="vidrios") for _one in range(2)]
        at_once(*(lambda one=one: doing(desk, cancel_at_once, one, "luz", TUESDAY, **REJECTED) for one in both))
        assert set(owed(file)) == {"close_file"}


def test_several_assistances_at_once_have_each_its_position(desk):
    file = a_file(desk)
    results = at_once(*[lambda: doing(desk, open_assistance, file, "luz", TUESDAY, service="plomeria").position] * 6)
    assert sorted(results) == [1, 2, 3, 4, 5, 6]


class TestHandingOver:
    def test_of_two_who_take_it_from_the_queue_one_has_it(self, desk):
        file = a_file(desk)
        doing(desk, hand_over_file, file, "luz", TUESDAY, member_id=None)
        results = at_once(
            *(
                lambda who=who: doing(desk, hand_over_file, file, who, TUESDAY, member_id=desk.members[who].pk)
                for who in ("luz", "fabian")
            )
        )
        assert noes(results) == [Refused]
        assert lines(file) == ["opened", "handed_over", "handed_over"]

    def test_what_is_owed_meanwhile_is_of_who_has_it_at_the_end(self, desk):
        """Who waits for the file to change hands must not owe in the name of who had it."""
        fabian = desk.members["fabian"]
        for _turn in range(8):
            one = an_assistance(desk)
            results = at_once(
                lambda one=one: doing(desk, hand_over_file, one.file, "paula", TUESDAY, member_id=fabian.pk),
                lambda one=one: doing(desk, accept_assistance, one, "luz", TUESDAY, priority="emergency", consent=True),
            )
            assert noes(results) == []
            assert owed(one)["assign_provider"].owner_member == fabian

    def test_with_an_end_at_once_neither_waits_for_ever(self, desk):
        fabian = desk.members["fabian"]
        for _turn in range(5):
            file = a_file(desk)
            one = an_assistance(desk, file=file, service="vidrios")
            other = accepted(desk, file=file)
            results = at_once(
                lambda file=file: doing(desk, hand_over_file, file, "paula", TUESDAY, member_id=fabian.pk),
                lambda one=one: doing(desk, cancel_at_once, one, "luz", TUESDAY, **REJECTED),
            )
            assert noes(results) == []
            assert owed(other)["assign_provider"].owner_member == fabian


class TestNumbers:
    def opening(self, desk, **changes):
        said = {"account": "techo_amigo"} | CALLER | PLACES["techo_amigo"] | changes
        return open_file(org=desk.org, by=desk.actor("luz"), now=TUESDAY, **said)

    @pytest.mark.requirement("ASIS-02.1")
    def test_have_no_gap_and_no_repeat(self, desk):
        results = at_once(*[lambda: [self.opening(desk).number for _turn in range(4)]] * 6)
        given = [number for numbers in results for number in numbers]
        assert sorted(given) == list(range(100_000, 100_024))

    def test_of_what_was_rolled_back_are_given_again(self, desk):
        class Changed(Exception):
            pass

        with pytest.raises(Changed), transaction.atomic():
            self.opening(desk)
            raise Changed
        assert self.opening(desk).number == 100_000

    def test_never_begin_again_and_are_each_organisation_s_own(self, desk):
        self.opening(desk)
        later = open_file(
            org=desk.org,
            account="techo_amigo",
            by=desk.actor("luz"),
            now=TUESDAY.replace(year=2027) + HOUR,
            **CALLER,
        )
        assert later.number == 100_001

    def test_the_same_form_twice_at_once_is_one_file_and_leaves_no_gap(self, desk):
        first, *others = at_once(*[lambda: self.opening(desk, form_key="k").pk] * 4)
        assert others == [first] * 3
        assert verbs(AssistanceFile.objects.get()) == ["file_opened"]
        assert self.opening(desk).number == 100_001

    def test_and_one_assistance(self, desk):
        file = a_file(desk)
        said = {"service": "plomeria", "form_key": "k"}
        first, *others = at_once(*[lambda: doing(desk, open_assistance, file, "luz", TUESDAY, **said).pk] * 4)
        assert others == [first] * 3
        assert verbs(Assistance.objects.get()) == ["assistance_opened"]
        assert ended(file) == {}
