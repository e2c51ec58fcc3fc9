"""The life of a file: its data, who has it, its close, its opening again, and its reminders."""

import pytest

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.operations.covering import cancel_at_once
from escucha.contexts.assistance.operations.files import change_file, close_file, hand_over_file, reopen_file
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.registering import verify_affiliate
from escucha.contexts.assistance.operations.reminding import finish_reminder, set_reminder
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.queries.files import coordinators_of
from escucha.kernel.commitments.queries import agenda
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import (
    DAY,
    HOUR,
    MINUTE,
    doing,
    ended,
    last_line,
    lines,
    owed,
    picture,
    verbs,
)
from tests.contexts.assistance.service.steps import brought_to
from tests.make import House

LATER = TUESDAY + HOUR
REJECTED = {"offered": True, "rejected": True}


def refused(house, verb, file, who="luz", **said):
    before = picture(file)
    with pytest.raises(Refused) as no:
        doing(house, verb, file, who, LATER, **said)
    assert picture(file) == before
    return " ".join(str(reason) for reason in no.value.blockers)


def cancelled(house, file):
    one = an_assistance(house, file=file, service="vidrios")
    return doing(house, cancel_at_once, one, "luz", TUESDAY, **REJECTED)


def closed(house, **changes):
    file = a_file(house, **changes)
    doing(house, close_file, file, "luz", TUESDAY, empty_reason="Se cortó la llamada")
    file.refresh_from_db()
    return file


class TestChanging:
    @pytest.mark.requirement("ASIS-02.2", "ASIS-02.4", "ASIS-02.5")
    def test_its_data_change_and_what_they_were_stays_in_the_log(self, quetzal):
        file = a_file(quetzal)
        said = {"address": "Carrera 901 n.º 3-03", "description": "Es el segundo piso", "contact_phone": "300 000 0029"}
        doing(quetzal, change_file, file, "fabian", LATER, version=1, **said)
        file.refresh_from_db()
        assert {name: getattr(file, name) for name in said} == said
        assert (file.area, file.contact_first_name, file.version) == ("co/bogota/norte/usaquen", "Marta", 2)
        line = last_line(file)
        assert line.said == {"changed": "address, contact_phone, description"}
        assert line.comment == "Calle 900 n.º 1-01 · 300 000 0021 · Llama la hermana."

    def test_the_same_again_changes_nothing(self, quetzal):
        file = a_file(quetzal)
        before = picture(file)
        doing(quetzal, change_file, file, "luz", LATER, address=file.address)
        assert picture(file) == before

    def test_who_calls_is_never_left_blank(self, quetzal):
        file = a_file(quetzal)
        assert "teléfono" in refused(quetzal, change_file, file, contact_phone="")
        assert "nombre" in refused(quetzal, change_file, file, contact_first_name="", contact_last_name="")

    def test_closed_or_by_who_only_looks_it_does_not_change(self, quetzal):
        assert "cerrado" in refused(quetzal, change_file, closed(quetzal), address="Otra")
        assert "permisos" in refused(quetzal, change_file, a_file(quetzal), "irma", address="Otra")
        with pytest.raises(NoSuchFile):
            doing(quetzal, change_file, a_file(quetzal), "wilson", LATER, address="Otra")

    def test_its_country_stays_under_an_assistance(self, quetzal):
        file = a_file(quetzal)
        doing(quetzal, change_file, file, "luz", LATER, country="ar", area="ar/caba/norte")
        an_assistance(quetzal, file=file)
        assert "otro país" in refused(quetzal, change_file, file, country="co", area="co/bogota/sur")

    def test_over_an_older_page_nothing_changes(self, quetzal):
        file = a_file(quetzal)
        doing(quetzal, change_file, file, "luz", LATER, address="Una")
        with pytest.raises(Overtaken):
            doing(quetzal, change_file, file, "fabian", LATER, version=1, address="Otra")
        assert AssistanceFile.objects.get(pk=file.pk).address == "Una"


class TestHandingOver:
    @pytest.mark.requirement("ASIS-02.7", "ASIS-14.1")
    def test_all_that_is_owed_passes_on_and_no_due_time_changes(self, quetzal):
        one = accepted(quetzal)
        file, fabian = one.file, quetzal.members["fabian"]
        mine = doing(quetzal, set_reminder, file, "luz", TUESDAY, text="Llamar", due_at=LATER)
        theirs = doing(quetzal, set_reminder, file, "paula", TUESDAY, text="Revisar", due_at=LATER)
        before = owed(one)["assign_provider"]
        doing(quetzal, hand_over_file, file, "paula", TUESDAY + MINUTE, member_id=fabian.pk)
        after = owed(one)["assign_provider"]
        assert (after.owner_member, after.due_at, after.pk) == (fabian, before.due_at, before.pk)
        assert owed(mine)["reminder"].owner_member == fabian
        assert owed(theirs)["reminder"].owner_member == quetzal.members["paula"]
        file.refresh_from_db()
        assert (file.coordinator, verbs(file)[-1], lines(file)[-1]) == (fabian, "file_handed_over", "handed_over")

    @pytest.mark.requirement("ASIS-02.7")
    def test_its_coordinators_are_told_in_their_order(self, quetzal):
        file, fabian = a_file(quetzal), quetzal.members["fabian"]
        doing(quetzal, hand_over_file, file, "luz", LATER, member_id=fabian.pk)
        doing(quetzal, hand_over_file, file, "fabian", LATER + HOUR, member_id=None)
        told = coordinators_of(org=quetzal.org, viewer=quetzal.actor("irma"), file=file)
        luz = quetzal.members["luz"]
        assert [(one.member, one.by, one.at) for one in told] == [
            (luz, luz, TUESDAY),
            (fabian, luz, LATER),
            (None, fabian, LATER + HOUR),
        ]
        assert coordinators_of(org=quetzal.org, viewer=quetzal.actor("wilson"), file=file) == []

    def test_in_the_queue_the_shift_owes_and_who_takes_it_does(self, quetzal):
        one = accepted(quetzal)
        doing(quetzal, hand_over_file, one.file, "luz", LATER, member_id=None)
        debt = owed(one)["assign_provider"]
        assert (debt.owner_member, debt.owner_unit) == (None, quetzal.unit("operaciones"))
        fabian = quetzal.members["fabian"]
        doing(quetzal, hand_over_file, one.file, "fabian", LATER, member_id=fabian.pk)
        assert owed(one)["assign_provider"].owner_member == fabian

    def test_what_who_supervises_owes_stays_theirs(self, quetzal):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
        doing(quetzal, hand_over_file, file, "luz", LATER, member_id=quetzal.members["fabian"].pk)
        debt = owed(file)["verify_affiliate"]
        assert (debt.owner_role, debt.owner_member) == ("supervisor", None)

    @pytest.mark.requirement("ASIS-17.1")
    @pytest.mark.parametrize("target", ["irma", "ester", "mateo", "gone"])
    def test_only_to_somebody_active_who_coordinates(self, quetzal, target):
        file = a_file(quetzal)
        if target == "gone":
            target = "fabian"
            quetzal.members[target].active = False
            quetzal.members[target].save(update_fields=["active"])
        said = {"member_id": quetzal.members[target].pk}
        assert "alguien activo" in refused(quetzal, hand_over_file, file, "paula", **said)

    def test_to_nobody_of_another_organisation(self, quetzal, cafetal):
        said = {"member_id": cafetal.members["lucia"].pk}
        assert "alguien activo" in refused(quetzal, hand_over_file, a_file(quetzal), "paula", **said)

    def test_nobody_takes_another_s(self, quetzal):
        said = {"member_id": quetzal.members["fabian"].pk}
        assert "a cargo" in refused(quetzal, hand_over_file, a_file(quetzal), "fabian", **said)


class TestClosing:
    @pytest.mark.requirement("ASIS-12.5", "ASIS-12.6")
    def test_complete_it_closes_and_owes_nothing(self, quetzal):
        one = brought_to(quetzal, "conclude")
        file = AssistanceFile.objects.get(pk=one.file_id)
        assert set(owed(file)) == {"close_file"}
        doing(quetzal, close_file, file, "luz", one.ended_at + MINUTE, version=file.version)
        file.refresh_from_db()
        assert (file.state, file.closed_at) == ("closed", one.ended_at + MINUTE)
        assert (owed(file), owed(one)) == ({}, {})
        assert ended(file)["close_file 1"] in ("met", "met_late")
        assert (verbs(file)[-1], lines(file)[-1]) == ("file_closed", "file_closed")
        [fact] = [entry for entry in entries_about(org=file.org, subject=file.subject) if "file_closed" in entry.verb]
        assert fact.data["assistances"] == 1

    @pytest.mark.requirement("ASIS-12.5")
    @pytest.mark.parametrize("step", ["confirm", "diagnose", "load", "ask"])
    def test_with_an_assistance_going_on_it_does_not(self, quetzal, step):
        one = brought_to(quetzal, step)
        assert f"{one.file.number}/1 sigue abierta" in refused(quetzal, close_file, one.file, "paula")

    def test_with_none_it_says_why(self, quetzal):
        file = a_file(quetzal)
        assert "sin ninguna" in refused(quetzal, close_file, file)
        doing(quetzal, close_file, file, "luz", LATER, empty_reason="Se cortó la llamada")
        file.refresh_from_db()
        assert (file.empty_reason, file.closed_at) == ("Se cortó la llamada", LATER)

    @pytest.mark.requirement("ASIS-17.1", "ASIS-17.2", "ASIS-17.3", "ASIS-17.4")
    @pytest.mark.parametrize(
        ("who", "may"), [("luz", True), ("paula", True), ("rocio", True), ("fabian", False), ("irma", False)]
    )
    def test_who_has_it_in_charge_closes_it_or_who_supervises(self, quetzal, who, may):
        file = a_file(quetzal)
        if may:
            doing(quetzal, close_file, file, who, LATER, empty_reason="Se cortó")
        else:
            assert "a cargo" in refused(quetzal, close_file, file, who, empty_reason="Se cortó")

    def test_not_before_its_affiliate_is_verified(self, quetzal):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
        assert "verificar" in refused(quetzal, close_file, file, empty_reason="Se cortó")
        verify_affiliate(
            org=quetzal.org, affiliate_id=file.affiliate_id, active=False, by=quetzal.actor("paula"), now=LATER
        )
        doing(quetzal, close_file, file, "luz", LATER, empty_reason="Se cortó")

    def test_twice_is_refused_and_over_an_older_page_too(self, quetzal):
        file = closed(quetzal)
        assert "ya está cerrado" in refused(quetzal, close_file, file, empty_reason="Otra vez")
        with pytest.raises(Overtaken):
            doing(quetzal, close_file, file, "luz", LATER, version=1, empty_reason="Otra vez")

    def test_closed_it_takes_no_assistance(self, quetzal):
        file = closed(quetzal)
        with pytest.raises(Refused, match="cerrado"):
            an_assistance(quetzal, file=file)
        assert not Assistance.objects.exists()


class TestOpeningAgain:
    def test_nothing_is_owed_again_and_nothing_goes_on(self, quetzal):
        file = a_file(quetzal)
        cancelled(quetzal, file)
        doing(quetzal, set_reminder, file, "luz", TUESDAY, text="Llamar", due_at=TUESDAY + DAY)
        doing(quetzal, close_file, file, "luz", TUESDAY)
        doing(quetzal, reopen_file, file, "paula", LATER, reason="Llamó otra vez")
        file.refresh_from_db()
        assert (file.state, file.closed_at, owed(file)) == ("open", None, {})
        assert (verbs(file)[-1], last_line(file).comment) == ("file_reopened", "Llamó otra vez")
        assert not agenda(org=quetzal.org, viewer=quetzal.actor("luz"), now=LATER + DAY)
        assert Assistance.objects.get().stage == "cancelled_at_once"

    def test_what_is_opened_anew_owes_its_own_and_the_file_closes_again(self, quetzal):
        file = a_file(quetzal)
        cancelled(quetzal, file)
        doing(quetzal, close_file, file, "luz", TUESDAY)
        doing(quetzal, reopen_file, file, "paula", LATER, reason="Llamó otra vez")
        cancelled(quetzal, file)
        assert set(owed(file)) == {"close_file"}
        doing(quetzal, close_file, file, "luz", LATER)
        assert set(ended(file)) == {"close_file 1", "close_file 2"}

    @pytest.mark.requirement("ASIS-17.1", "ASIS-17.2", "ASIS-17.3", "ASIS-17.4")
    @pytest.mark.parametrize(
        ("who", "may"), [("paula", True), ("rocio", True), ("luz", False), ("irma", False), ("ester", False)]
    )
    def test_only_who_supervises_and_with_a_reason(self, quetzal, who, may):
        file = closed(quetzal)
        assert refused(quetzal, reopen_file, file, who, reason=" ")
        if may:
            doing(quetzal, reopen_file, file, who, LATER, reason="Llamó otra vez")
            assert "está abierto" in refused(quetzal, reopen_file, file, who, reason="Llamó otra vez")
        else:
            assert "supervisión" in refused(quetzal, reopen_file, file, who, reason="Llamó otra vez")


def reminder_of(house: House, file: AssistanceFile, **changes):
    said = {"text": " Llamar a la vecina ", "due_at": LATER} | changes
    return doing(house, set_reminder, file, "luz", TUESDAY, **said)


class TestReminders:
    @pytest.mark.requirement("ASIS-14.1")
    def test_it_is_on_the_agenda_of_who_set_it_beside_what_came_by_itself(self, quetzal):
        one = accepted(quetzal, priority="programmed")
        reminder = reminder_of(quetzal, one.file, assistance_id=one.pk)
        assert (reminder.text, reminder.assistance) == ("Llamar a la vecina", one)
        told = agenda(org=quetzal.org, viewer=quetzal.actor("luz"), now=TUESDAY)
        assert [(debt.kind, debt.subject) for debt in told] == [
            ("assign_provider", one.subject),
            ("reminder", reminder.subject),
        ]
        assert told[1].due_at == LATER
        assert not agenda(org=quetzal.org, viewer=quetzal.actor("fabian"), now=TUESDAY)

    def test_an_hour_that_went_by_is_now(self, quetzal):
        debt = owed(reminder_of(quetzal, a_file(quetzal), due_at=TUESDAY - HOUR))["reminder"]
        assert (debt.due_at, debt.reckoning["adjusted"]) == (TUESDAY, True)

    def test_done_twice_is_done_once(self, quetzal):
        file = a_file(quetzal)
        reminder = reminder_of(quetzal, file)
        for _turn in range(2):
            finish_reminder(org=quetzal.org, reminder_id=reminder.pk, by=quetzal.actor("fabian"), now=TUESDAY + MINUTE)
        assert (owed(reminder), ended(reminder)) == ({}, {"reminder 1": "met"})
        assert lines(file) == ["opened", "note", "note"]

    def test_without_words_in_a_closed_file_or_by_who_only_looks_there_is_none(self, quetzal):
        file = a_file(quetzal)
        assert "recordar" in refused(quetzal, set_reminder, file, text=" ", due_at=LATER)
        assert "cerrado" in refused(quetzal, set_reminder, closed(quetzal), text="Algo", due_at=LATER)
        assert "permisos" in refused(quetzal, set_reminder, file, "irma", text="Algo", due_at=LATER)

    def test_another_organisation_s_is_not_found(self, quetzal, cafetal):
        reminder = reminder_of(quetzal, a_file(quetzal))
        with pytest.raises(NoSuchFile):
            finish_reminder(org=cafetal.org, reminder_id=reminder.pk, by=cafetal.actor("lucia"), now=LATER)

    def test_the_end_of_its_assistance_annuls_it_and_no_other(self, quetzal):
        file = a_file(quetzal)
        one = an_assistance(quetzal, file=file, service="vidrios")
        of_it, of_file = reminder_of(quetzal, file, assistance_id=one.pk), reminder_of(quetzal, file)
        doing(quetzal, cancel_at_once, one, "luz", TUESDAY, **REJECTED)
        assert ended(of_it) == {"reminder 1": "cancelled_at_once"}
        assert set(owed(of_file)) == {"reminder"}

    def test_the_close_of_its_file_annuls_it(self, quetzal):
        file = a_file(quetzal)
        reminder = reminder_of(quetzal, file)
        doing(quetzal, close_file, file, "luz", LATER, empty_reason="Se cortó")
        assert ended(reminder) == {"reminder 1": "file_closed"}
