"""Hearings: one act, in which each word is a case."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.receiving import close_act, open_act
from escucha.contexts.cases.queries.receiving import slips_of
from tests.cast import TUESDAY
from tests.contexts.cases.receiving import MONDAY, a_slip, facts
from tests.contexts.cases.seen import verbs


class TestAHearing:
    @pytest.mark.requirement("CORP-01.6")
    def test_is_one_act_with_each_word_a_case(self, corrioverde):
        act = open_act(
            org=corrioverde.org,
            kind="hearing",
            held_at=MONDAY,
            place="Salón comunal de Vado Hondo",
            topic="Concesión de aguas de la quebrada",
            by=corrioverde.actor("tomas"),
            now=TUESDAY,
        )
        assert (act.number, act.first_slip, act.witnesses) == ("AUD-2026-0001", None, [])
        for minute, speaker in [(12, "Ana Lucía Berrío"), (25, "Junta de acción comunal")]:
            a_slip(
                corrioverde,
                act,
                who="tomas",
                minute=minute,
                speaker=speaker,
                commitment="Visitar la bocatoma antes de mayo",
                person={"name": speaker},
            )
        first, second = slips_of(act)
        assert [slip.position for slip in (first, second)] == [1, 2]
        assert (first.minute, first.speaker, first.commitment) == (
            12,
            "Ana Lucía Berrío",
            "Visitar la bocatoma antes de mayo",
        )
        assert (first.case.channel, first.case.filled_by) == ("hearing", "staff")
        assert first.case.received_at == MONDAY + timedelta(minutes=12)
        assert second.case.person.name == "Junta de acción comunal"
        told = str(facts(f"act:{act.pk}", corrioverde))
        assert "Berrío" not in told and "bocatoma" not in told
        close_act(org=corrioverde.org, act_id=act.pk, by=corrioverde.actor("ramiro"), now=TUESDAY)
        assert verbs(first.case)[0] == "cases.case_filed"
