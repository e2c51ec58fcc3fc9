"""«A cargo», «Abiertos», «Todos», and what was asked before."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.contexts.assistance.queries.files import NOBODY, Filters, count_in, files_in
from escucha.contexts.assistance.queries.previous import Before, previous_assistances
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import DAY, HOUR, doing
from tests.contexts.assistance.service.steps import assigned, brought_to

PAGE_STATEMENTS = 5


def numbers(house, view, who="luz", **changes):
    said = {name: changes.pop(name) for name in ("before", "limit") if name in changes}
    found = files_in(org=house.org, viewer=house.actor(who), view=view, filters=Filters(**changes), **said)
    return [row.file.number - 100_000 for row in found]


@pytest.fixture
def desk(quetzal):
    """0 of Luz, 1 of Fabián, 2 closed of Luz, 3 in the queue, 4 of Luz with another account."""
    file = accepted(quetzal).file
    a_file(quetzal, who="fabian", contact_first_name="Óscar", contact_phone="(300) 000-0077")
    closed = a_file(quetzal)
    doing(quetzal, close_file, closed, "luz", TUESDAY, empty_reason="Se cortó la llamada")
    queued = a_file(quetzal)
    doing(quetzal, hand_over_file, queued, "luz", TUESDAY, member_id=None)
    accepted(quetzal, account="ruta_clara", priority="programmed")
    assert file.number == 100_000
    return quetzal


@pytest.mark.requirement("ASIS-14.4")
@pytest.mark.parametrize("said", ["muñoz", "MUNOZ", "Peña Muñoz", "munoz pena", "andré", "Ándre", "d'angelo"])
def test_names_are_found_with_their_accents_or_without_them(quetzal, said):
    a_file(quetzal, contact_last_name="Pena Munoz", contact_first_name="André D'Ángelo")
    named = an_affiliate(quetzal, first_name="Andre D'Angelo", last_name="Peña Muñoz")
    a_file(quetzal, affiliate=named, contact_first_name="Luis", contact_last_name="Prado")
    a_file(quetzal)
    assert numbers(quetzal, "all", text=said) == [1, 0]


class TestViews:
    @pytest.mark.requirement("ASIS-14.2")
    @pytest.mark.parametrize(("who", "seen"), [("luz", [4, 0]), ("fabian", [1]), ("paula", []), ("irma", [])])
    def test_in_charge_are_the_open_ones_of_who_looks(self, desk, who, seen):
        assert numbers(desk, "mine", who) == seen

    @pytest.mark.requirement("ASIS-14.3")
    @pytest.mark.parametrize("who", ["luz", "paula", "irma"])
    def test_open_are_those_of_everybody(self, desk, who):
        assert numbers(desk, "open", who) == [4, 3, 1, 0]

    @pytest.mark.requirement("ASIS-14.4")
    def test_all_are_all(self, desk):
        assert numbers(desk, "all") == [4, 3, 2, 1, 0]

    def test_who_may_not_look_sees_none_and_another_organisation_neither(self, desk, cafetal):
        for view in ("mine", "open", "all"):
            assert numbers(desk, view, "wilson") == []
            assert files_in(org=cafetal.org, viewer=desk.actor("luz"), view=view) == []

    def test_a_page_goes_on_where_the_last_one_ended(self, desk):
        rows = files_in(org=desk.org, viewer=desk.actor("luz"), view="all", limit=2)
        rest = numbers(desk, "all", before=rows[-1].file.pk, limit=2)
        assert ([row.file.number - 100_000 for row in rows], rest) == ([4, 3], [2, 1])

    @pytest.mark.parametrize(
        ("filters", "seen"),
        [
            ({"account": "ruta_clara"}, [4]),
            ({"stage": "to_assign"}, [4, 0]),
            ({"priority": "programmed"}, [4]),
            ({"stage": "to_assign", "priority": "emergency"}, [0]),
            ({"stage": "concluded"}, []),
            ({"coordinator": NOBODY}, [3]),
            ({"text": "100003"}, [3]),
            ({"text": " 100000/1 "}, [0]),
            ({"text": "100009"}, []),
            ({"text": "óscar"}, [1]),
            ({"text": "OSCAR"}, [1]),
            ({"text": "pedraza Óscar"}, [1]),
            ({"text": "oscar nadie"}, []),
            ({"text": "3000000077"}, [1]),
            ({"text": "300 000 0077"}, [1]),
            ({"text": "77"}, []),
            ({"text": "1.990.000.021"}, [4, 3, 2, 1, 0]),
            ({"text": "1990000021", "account": "ruta_clara"}, [4]),
            ({"text": "Rebeca"}, [4, 3, 2, 1, 0]),
            ({"text": "   "}, [4, 3, 2, 1, 0]),
            ({"text": "%"}, []),
        ],
    )
    def test_it_is_narrowed(self, desk, filters, seen):
        assert numbers(desk, "all", **filters) == seen
        assert count_in(org=desk.org, viewer=desk.actor("luz"), view="all", filters=Filters(**filters)) == len(seen)

    def test_of_one_coordinator(self, desk):
        assert numbers(desk, "open", "paula", coordinator=desk.members["fabian"].pk) == [1]

    def test_a_text_is_cut_too_and_goes_on(self, desk):
        rows = files_in(org=desk.org, viewer=desk.actor("luz"), view="all", filters=Filters(text="Rebeca"), limit=2)
        assert numbers(desk, "all", text="Rebeca", before=rows[-1].file.pk) == [2, 1, 0]

    def test_a_count_is_cut(self, desk):
        assert count_in(org=desk.org, viewer=desk.actor("luz"), view="all", cap=2) == 3


class TestRows:
    @pytest.mark.requirement("ASIS-02.6")
    def test_each_has_its_assistances_who_goes_and_what_is_owed_first(self, quetzal):
        one = assigned(quetzal)
        other = an_assistance(quetzal, file=one.file)
        row = files_in(org=quetzal.org, viewer=quetzal.actor("luz"), view="mine")[0]
        assert [held.assistance.pk for held in row.assistances] == [one.pk, other.pk]
        assert [held.provider for held in row.assistances] == [f"Reparaciones {one.pk}", ""]
        assert (row.next.kind, row.next.subject) == ("confirm_to_affiliate", one.subject)

    def test_a_reminder_counts_and_a_closed_file_owes_nothing(self, quetzal):
        file = a_file(quetzal)
        reminder = doing(quetzal, set_reminder, file, "luz", TUESDAY, text="Llamar", due_at=TUESDAY + HOUR)
        [row] = files_in(org=quetzal.org, viewer=quetzal.actor("luz"), view="all")
        assert row.next.subject == reminder.subject
        doing(quetzal, close_file, file, "luz", TUESDAY, empty_reason="Se cortó")
        [row] = files_in(org=quetzal.org, viewer=quetzal.actor("luz"), view="all")
        assert (row.next, row.assistances) == (None, [])

    def test_a_page_is_the_same_statements_however_many_rows(self, quetzal):
        def statements():
            with CaptureQueriesContext(
                connection,
            ) as seen:
                rows = files_in(org=quetzal.org, viewer=quetzal.actor("luz"), view="open")
                for row in rows:
                    assert row.file.coordinator.account.name
                    assert row.file.affiliate.full_name
                    assert not row.next or row.next.owner_unit.label
            return len(seen), len(rows)

        assigned(quetzal)
        assert statements() == (PAGE_STATEMENTS, 1)
        for _turn in range(3):
            file = accepted(quetzal).file
            an_assistance(quetzal, file=file)
            doing(quetzal, set_reminder, file, "luz", TUESDAY, text="Llamar", due_at=TUESDAY + HOUR)
        assert statements() == (PAGE_STATEMENTS, 4)

    def test_a_text_is_two_statements_more_at_most(self, desk, django_assert_max_num_queries):
        for text, more in (("100000", 2), ("300 000 0077", 2), ("Rebeca", 1)):
            with django_assert_max_num_queries(PAGE_STATEMENTS + more):
                assert numbers(desk, "all", text=text)


class TestWhatWasAskedBefore:
    def told(self, house, file, who="luz", **said):
        found = previous_assistances(org=house.org, viewer=house.actor(who), file=file, **said)
        return [(one.assistance.service, one.provider, one.total) for one in found]

    @pytest.mark.requirement("ASIS-02.7", "ASIS-04.1")
    def test_with_who_went_and_what_it_cost(self, quetzal, django_assert_num_queries):
        before = brought_to(quetzal, "conclude")
        affiliate = before.file.affiliate
        file = a_file(quetzal, affiliate=affiliate, now=TUESDAY + DAY)
        an_assistance(quetzal, file=file, now=TUESDAY + DAY)
        assert self.told(quetzal, file) == [("plomeria", f"Reparaciones {before.pk}", 80_000)]
        with django_assert_num_queries(3):
            self.told(quetzal, file)
        assert self.told(quetzal, file, "wilson") == []
        assert self.told(quetzal, a_file(quetzal)) == []

    def test_with_those_who_share_the_plan(self, quetzal):
        holder = an_affiliate(quetzal)
        child = an_affiliate(quetzal, holder=holder, document_number="1.990.000.031")
        accepted(quetzal, file=a_file(quetzal, affiliate=child))
        assert len(self.told(quetzal, a_file(quetzal, affiliate=holder))) == 1

    def test_it_is_narrowed_by_service_type_and_local_days(self, quetzal):
        affiliate = an_affiliate(quetzal)
        late = TUESDAY.replace(day=4, hour=4)  # 23:00 of 3 March in Bogotá
        for service, now in (("plomeria", TUESDAY), ("orientacion_legal", late), ("cerrajeria", TUESDAY + 9 * DAY)):
            an_assistance(quetzal, file=a_file(quetzal, affiliate=affiliate, now=now), service=service, now=now)
        file = a_file(quetzal, affiliate=affiliate)

        def services(**said):
            return [one[0] for one in self.told(quetzal, file, only=Before(**said))]

        assert services() == ["cerrajeria", "orientacion_legal", "plomeria"]
        assert services(service="plomeria") == ["plomeria"]
        assert services(type="hogar") == ["cerrajeria", "plomeria"]
        assert services(until_on=date(2026, 3, 3)) == ["orientacion_legal", "plomeria"]
        assert services(from_on=date(2026, 3, 4)) == ["cerrajeria"]
        first = previous_assistances(org=quetzal.org, viewer=quetzal.actor("luz"), file=file, limit=1)
        assert len(self.told(quetzal, file, before=first[-1].assistance.pk)) == 2
