"""What is covered, who pays the rest, and how an invoice is shared. No database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.models import Cost
from escucha.contexts.assistance.rules.costs import (
    PAYER_NAMES,
    Line,
    Payer,
    blockers_to_load,
    blockers_to_take_back,
    split,
    totals,
)
from escucha.contexts.assistance.rules.serving import (
    blockers_to_accept_excess,
    blockers_to_authorise,
    blockers_to_diagnose,
    blockers_to_reject_excess,
    cover_of,
    excess_of,
    is_money,
    written,
)
from escucha.contexts.assistance.rules.stages import Category, Stage
from tests.contexts.assistance.service.standing import (
    ABLE,
    AFFILIATE,
    HOUR,
    MINUTE,
    NOON,
    course,
    words,
)


class TestMoney:
    @pytest.mark.parametrize(
        ("category", "amount", "cover"),
        [
            (Category.COVERAGE, Decimal(5), Decimal(5)),
            (Category.COVERAGE, None, None),
            (Category.CONNECTION, Decimal(5), Decimal(0)),
            (Category.COURTESY, Decimal(5), None),
            (Category.GUARANTEE, Decimal(5), None),
            (Category.REFUND, Decimal(5), Decimal(5)),
        ],
    )
    def test_what_is_covered_depends_on_what_it_is_given_for(self, category, amount, cover):
        assert cover_of(category, amount) == cover

    @pytest.mark.requirement("ASIS-10.2")
    @pytest.mark.parametrize(
        ("cost", "cover", "excess"), [(10, None, 0), (10, 10, 0), (11, 10, 1), (9, 10, 0), (10, 0, 10)]
    )
    def test_only_what_is_over_is_an_excess(self, cost, cover, excess):
        cover = None if cover is None else Decimal(cover)
        assert excess_of(Decimal(cost), cover) == excess
        standing = course(Stage.DIAGNOSED, quoted=Decimal(cost), cover=cover)
        assert bool(blockers_to_authorise(standing, ABLE)) is bool(excess)
        assert bool(blockers_to_reject_excess(standing, ABLE)) is not bool(excess)

    def test_the_affiliate_says_yes_on_its_own_page(self):
        standing = course(Stage.DIAGNOSED, quoted=Decimal(250_000))
        said = {"payment": "Efectivo", "payments": ["Efectivo"], "who": "ella", "how": "link", "told_at": NOON}
        assert not blockers_to_accept_excess(standing, AFFILIATE, amount=Decimal(50_000), now=NOON, **said)
        assert blockers_to_authorise(standing, AFFILIATE)

    @pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "0.001", "1e12"])
    def test_that_cannot_be_kept_is_refused(self, amount):
        assert not is_money(Decimal(amount))
        assert blockers_to_diagnose(
            course(Stage.CONTACTED), ABLE, text="Roto", cost=Decimal(amount), ends_at=NOON + HOUR
        )

    def test_is_written_as_people_write_it(self):
        assert written(Decimal("1234567.5"), "ARS") == "ARS 1.234.567,50"
        assert written(Decimal(80_000), "COP") == "COP 80.000"

    def test_a_diagnosis_is_whole(self):
        said = {"cost": None, "ends_at": None}
        assert len(blockers_to_diagnose(course(Stage.CONTACTED), ABLE, text=" ", **said)) == 3
        early = course(Stage.CONTACTED, contacted_at=NOON)
        blockers = blockers_to_diagnose(early, ABLE, text="Roto", cost=Decimal(0), ends_at=NOON - MINUTE)
        assert words(blockers) == "El trabajo no puede terminar antes de que se encontraran."


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


class TestCosts:
    def test_have_the_payers_of_their_table(self):
        assert {one.value for one in Payer} == {one.value for one in Cost.Payer} == set(PAYER_NAMES)

    @pytest.mark.requirement("ASIS-11.1")
    @given(AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS, st.sampled_from(Category))
    def test_are_shared_whole_and_never_beyond_what_each_gives(self, total, cover, excess, category):
        parts = split(total, category=category, cover=cover, excess=excess)
        assert sum(parts.values()) == total and min(parts.values()) >= 0
        assert cover is None or parts[Payer.COVERAGE] <= cover
        if category != Category.REFUND:
            assert parts[Payer.AFFILIATE] <= (excess or 0)
        if category in {Category.COURTESY, Category.GUARANTEE, Category.CONNECTION}:
            assert parts[Payer.COVERAGE] == 0

    @given(AMOUNTS, st.none() | AMOUNTS, st.sampled_from(Category))
    def test_as_they_are_shared_they_may_be_loaded(self, total, limit, category):
        """What is proposed is never refused, whatever was accepted on the way."""
        cover = cover_of(category, limit)
        excess = excess_of(total, cover)
        standing = course(Stage.FINISHED, category=category, cover=cover, excess=excess)
        parts = split(total, category=category, cover=cover, excess=excess)
        lines = [Line(payer, "Parte", amount) for payer, amount in parts.items() if amount]
        assert not blockers_to_load(standing, ABLE, lines=lines, invoice="FV-1", total=total)
        assert totals(lines) == {str(payer): amount for payer, amount in parts.items()}

    def test_of_two_invoices_together_stay_within_the_cover(self):
        standing = course(Stage.FINISHED, charged={"coverage": Decimal(150_000)}, invoices=frozenset({"FV-1"}))
        line = [Line("coverage", "Más", Decimal(50_001))]
        blockers = blockers_to_load(standing, ABLE, lines=line, invoice="FV-2", total=Decimal(50_001))
        assert "da hasta COP 200.000" in words(blockers)
        same = [Line("coverage", "Más", Decimal(1))]
        assert "ya está cargada" in words(
            blockers_to_load(standing, ABLE, lines=same, invoice="FV-1", total=Decimal(1))
        )

    def test_are_not_charged_where_nobody_ever_went(self):
        never = course(Stage.CANCELLED_LATER, assigned_at=None)
        assert "Nunca se asignó" in words(blockers_to_load(never, ABLE))

    def test_are_taken_back_with_a_reason(self):
        standing = course(Stage.FINISHED, invoices=frozenset({"FV-1"}))
        assert not blockers_to_take_back(standing, ABLE, invoice="FV-1", reason="Otra")
        assert "por qué" in words(blockers_to_take_back(standing, ABLE, invoice="FV-1"))
        assert "No hay costos" in words(blockers_to_take_back(course(Stage.FINISHED), ABLE))
