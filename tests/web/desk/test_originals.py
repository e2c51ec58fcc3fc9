"""The original of a reserved attachment: opened by who may and says what for, and by nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.models import Reveal
from escucha.contexts.cases.operations.reserving import name_accused, reserve_case
from escucha.contexts.cases.queries.comparing import reveals_that_differ
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.attaching import attach, detach
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.models import Entry
from tests.cast import PASSWORD
from tests.contexts.documents.conftest import store as store  # noqa: PLC0414
from tests.contexts.documents.made import a_letter
from tests.make import a_case, a_house, a_routed_case

WHY = "El comité pidió ver de dónde salió la carta."
LETTER = a_letter()


def attached(case, **said):
    now = timezone.now()
    file = keep_file(org=case.org, content=LETTER, name="carta.docx", now=now, **said)
    return attach(org=case.org, file=file, subject=case.subject, kind="evidence", by=CITIZEN, now=now)


@pytest.fixture
def ago():
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def kept(cafetal, store, ago):
    """A case of who asked not to be known, with a letter."""
    case = a_routed_case(cafetal, now=ago, identity_reserved=True)
    return case, attached(case, reserved=True)


@pytest.fixture
def closed(cafetal, store, ago):
    """A reserved case with a letter."""
    case = a_case(cafetal, now=ago, reserved=True)
    return case, attached(case, reserved=True)


def asked(client, case, one, why=WHY):
    return client.post(f"/mesa/casos/{case.filing_number}/anexos/{one.pk}/original/", {"reason": why})


def verbs_of(case):
    return list(Entry.objects.filter(subject=case.subject).order_by("number").values_list("verb", flat=True))


def page_of(client, case):
    return client.get(f"/mesa/casos/{case.filing_number}/").text


class TestOpeningTheOriginal:
    def test_gives_the_bytes_to_who_says_what_for(self, at_desk, kept):
        case, one = kept
        patricia = at_desk("patricia")
        assert "Abrir el original del anexo 1" in page_of(patricia, case)
        answer = asked(patricia, case, one)
        assert answer.getvalue() == LETTER
        assert "carta" not in answer["Content-Disposition"]
        assert verbs_of(case)[-2:] == ["cases.original_revealed", "documents.original_opened"]
        [row] = Reveal.objects.filter(case=case)
        assert (row.what, row.reason) == ("original", WHY)

    def test_is_written_down_each_time_and_shows_no_identity(self, at_desk, kept):
        patricia = at_desk("patricia")
        assert [asked(patricia, *kept).status_code for _time in range(2)] == [200, 200]
        assert Reveal.objects.count() == 2
        assert "Identidad reservada" in page_of(patricia, kept[0])

    def test_without_a_reason_opens_nothing(self, at_desk, kept):
        before = verbs_of(kept[0])
        refused = asked(at_desk("patricia"), *kept, why="  ")
        assert (refused.status_code, "Escriba para qué necesita abrir el original" in refused.text) == (409, True)
        long = asked(at_desk("patricia"), *kept, why="a" * 20_001)
        assert (long.status_code, "a" * 20_001 in long.text) == (422, True)
        assert verbs_of(kept[0]) == before

    @pytest.mark.parametrize("who", ["lucia", "elsa"])
    def test_is_not_of_who_only_sees_the_case(self, at_desk, kept, who):
        assert "Abrir el original" not in page_of(at_desk(who), kept[0])
        refused = asked(at_desk(who), *kept)
        assert (refused.status_code, "Su rol no abre originales reservados" in refused.text) == (409, True)
        assert not Reveal.objects.exists()

    def test_of_a_reserved_case_is_of_who_has_the_channel(self, at_desk, closed):
        assert {asked(at_desk(who), *closed).status_code for who in ("lucia", "patricia")} == {404}
        assert asked(at_desk("gabriel"), *closed).getvalue() == LETTER
        assert "Original de un anexo" in at_desk("gabriel").get("/mesa/reservados/?vista=identidades").text

    def test_is_never_of_who_the_case_is_about(self, at_desk, cafetal, closed):
        other = {"name": "Teresa Vélez", "password": PASSWORD, "unit": None, "roles": ["director"]}
        take_in(org=cafetal.org, email="teresa@cafetal.example.org", **other)
        said = {"org": cafetal.org, "case_id": closed[0].pk, "by": cafetal.actor("gabriel"), "now": timezone.now()}
        name_accused(member=cafetal.members["gabriel"], **said)
        assert asked(at_desk("gabriel"), *closed).status_code == 404
        assert not Reveal.objects.exists()

    def test_of_what_is_not_reserved_or_not_there_is_not_found(self, at_desk, cafetal, kept, ago):
        case, one = kept
        plain, theirs = a_routed_case(cafetal, now=ago), a_case(a_house("corrioverde"), now=ago, identity_reserved=True)
        now, lucia = timezone.now(), cafetal.actor("lucia")
        patricia = at_desk("patricia")
        assert asked(patricia, plain, attached(plain)).status_code == 404
        assert asked(patricia, plain, one).status_code == 404
        assert asked(patricia, theirs, attached(theirs, reserved=True)).status_code == 404
        detach(org=case.org, attachment_id=one.pk, subject=case.subject, by=lucia, now=now)
        assert asked(patricia, case, one).status_code == 404

    def test_waits_for_the_scanner(self, at_desk, kept):
        File.objects.update(state="waiting", look_at=timezone.now())
        assert asked(at_desk("patricia"), *kept).status_code == 404
        assert "Abrir el original" not in page_of(at_desk("patricia"), kept[0])

    def test_is_posted_with_its_token_by_who_entered(self, at_desk, cafetal, kept):
        assert asked(at_desk("patricia", enforce_csrf_checks=True), *kept).status_code == 403
        assert asked(Client(headers={"host": cafetal.org.host}), *kept).status_code == 302

    def test_what_for_is_compared_with_the_log(self, at_desk, cafetal, kept):
        assert asked(at_desk("patricia"), *kept).status_code == 200
        fact = fact_of(Entry.objects.get(verb="cases.original_revealed"))
        assert list(reveals_that_differ([fact], org=cafetal.org)) == []
        Reveal.objects.update(reason="Otra cosa")
        [differs] = reveals_that_differ([fact], org=cafetal.org)
        assert differs.message.startswith("La consulta de original")

    def test_of_what_the_case_had_before_it_was_reserved(self, at_desk, cafetal, store, ago):
        case = a_routed_case(cafetal, now=ago)
        one = attached(case)
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("gabriel"), now=timezone.now())
        gabriel = at_desk("gabriel")
        assert gabriel.get(f"/mesa/casos/{case.filing_number}/anexos/{one.pk}/").status_code == 409
        assert asked(gabriel, case, one).getvalue() == LETTER
