"""The country pack: terms by type and date, and promises held to the law."""

import weakref
from datetime import date, timedelta

import pytest

from escucha.kernel.norms.legal import promise_blockers
from escucha.kernel.norms.pack import (
    FEW_CLOSURES,
    FOLDER,
    BrokenPack,
    NoLegalTerm,
    UnknownCountry,
    UnknownLayer,
    load_pack,
    read_pack,
)
from escucha.kernel.worktime.life import Cap
from escucha.kernel.worktime.terms import CountFrom, Term, Unit

PACK = load_pack("co")
TODAY = date(2026, 3, 2)
SOURCE = (FOLDER / "co.toml").read_text()


@pytest.mark.parametrize(
    ("kind", "term", "norm"),
    [
        ("petition", Term(15, Unit.BUSINESS_DAYS), "art. 14"),
        ("complaint", Term(15, Unit.BUSINESS_DAYS), "Ley 1755 de 2015"),
        ("claim", Term(15, Unit.BUSINESS_DAYS), "art. 14"),
        ("suggestion", Term(15, Unit.BUSINESS_DAYS), "art. 14"),
        ("wrongdoing_report", Term(15, Unit.BUSINESS_DAYS), "art. 14"),
        ("compliment", Term(15, Unit.BUSINESS_DAYS), "art. 14"),
        ("information_request", Term(10, Unit.BUSINESS_DAYS), "art. 14, num. 1"),
        ("document_request", Term(10, Unit.BUSINESS_DAYS), "art. 14, num. 1"),
        ("consultation", Term(30, Unit.BUSINESS_DAYS), "art. 14, num. 2"),
        ("transfer_to_competent_body", Term(5, Unit.BUSINESS_DAYS), "art. 21"),
        ("data_access_request", Term(10, Unit.BUSINESS_DAYS), "Ley 1581 de 2012, art. 14"),
        ("data_rectification_claim", Term(15, Unit.BUSINESS_DAYS), "Ley 1581 de 2012, art. 15"),
        ("negative_silence", Term(3, Unit.CALENDAR_MONTHS), "Ley 1437 de 2011, art. 83"),
    ],
)
def test_the_term_of_each_type(kind, term, norm):
    legal = PACK.legal_term(kind, on=TODAY)
    assert legal.term == term
    assert norm in legal.norm


@pytest.mark.parametrize(("risk", "hours"), [("vital", 24), ("prioritized", 48), ("simple", 72)])
def test_health_claims_run_in_hours_from_the_moment(risk, hours):
    legal = PACK.legal_term("health_claim", on=TODAY, risk=risk, bound="private_social_security")
    assert legal.term == Term(hours, Unit.ELAPSED_HOURS)
    assert (legal.starts, legal.extension) == ("instant", None)


def test_health_claims_before_the_hours():
    before = date(2023, 6, 22)
    assert PACK.legal_term("health_claim", on=before, risk="vital").term == Term(2, Unit.BUSINESS_DAYS)
    assert PACK.legal_term("health_claim", on=before, risk="simple").term == Term(5, Unit.BUSINESS_DAYS)


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2020, 3, 27), (15, 10, 30)),
        (date(2020, 3, 28), (30, 20, 35)),
        (date(2022, 5, 17), (30, 20, 35)),
        (date(2022, 5, 18), (15, 10, 30)),
    ],
)
def test_the_longer_terms_of_the_emergency(on, days):
    kinds = ("complaint", "document_request", "consultation")
    assert tuple(PACK.legal_term(kind, on=on).term.amount for kind in kinds) == days


def test_extensions():
    assert PACK.legal_term("petition", on=TODAY).extension == Cap(factor=2)
    assert PACK.legal_term("data_access_request", on=TODAY).extension == Cap(plus=5)
    claim = PACK.legal_term("data_rectification_claim", on=TODAY)
    assert (claim.extension, claim.resume, claim.person_months) == (Cap(plus=8), "restart", 2)


@pytest.mark.parametrize(
    "wanted",
    [
        {"canonical": "capricho", "on": TODAY},
        {"canonical": "health_claim", "on": TODAY},  # no risk class
        {"canonical": "complaint", "on": date(1990, 1, 1)},
        {"canonical": "health_claim", "on": TODAY, "risk": "vital", "bound": "private"},
    ],
)
def test_without_a_term_it_says_so(wanted):
    with pytest.raises(NoLegalTerm, match=wanted["canonical"]):
        PACK.legal_term(**wanted)


COMPLAINT = PACK.legal_term("complaint", on=TODAY)
VITAL = PACK.legal_term("health_claim", on=TODAY, risk="vital")


@pytest.mark.parametrize(
    ("total", "unit", "margin", "legal", "allowed"),
    [
        (7, Unit.BUSINESS_DAYS, 0, COMPLAINT, True),
        (15, Unit.BUSINESS_DAYS, 0, COMPLAINT, True),
        (16, Unit.BUSINESS_DAYS, 0, COMPLAINT, False),
        (14, Unit.BUSINESS_DAYS, 2, COMPLAINT, False),
        (15, Unit.CALENDAR_DAYS, 0, COMPLAINT, True),
        (16, Unit.CALENDAR_DAYS, 0, COMPLAINT, False),
        (360, Unit.ELAPSED_HOURS, 0, COMPLAINT, True),
        (361, Unit.ELAPSED_HOURS, 0, COMPLAINT, False),
        (1, Unit.CALENDAR_MONTHS, 0, COMPLAINT, False),
        (24, Unit.ELAPSED_HOURS, 0, VITAL, True),
        (1440, Unit.ELAPSED_MINUTES, 0, VITAL, True),
        (1441, Unit.ELAPSED_MINUTES, 0, VITAL, False),
        (1, Unit.BUSINESS_DAYS, 0, VITAL, False),  # over a weekend it outlasts the hours
    ],
)
def test_a_promise_may_not_exceed_the_law(total, unit, margin, legal, allowed):
    blockers = promise_blockers(total, unit, legal, margin)
    assert (blockers == []) is allowed
    assert all(legal.norm in blocker for blocker in blockers)


def test_the_same_request_gives_the_same_calendar():
    closures = {date(2026, 12, 24): "Resolución 9"}
    assert PACK.calendar(closures=closures, keep=True) is PACK.calendar(closures=dict(closures), keep=True)
    assert PACK.calendar(closures=closures, keep=True) is not PACK.calendar(keep=True)
    assert PACK.calendar().version == PACK.version == load_pack("CO").version


def test_of_foreign_calendars_the_last_few_are_kept_and_none_with_many_closures():
    own = weakref.ref(PACK.calendar(closures={date(2026, 12, 24): "Propio"}, keep=True))
    small = weakref.ref(PACK.calendar(closures={date(2026, 1, 2): "Ajeno"}))
    many = {date(2026, 1, 1) + timedelta(days=n): "Ajeno" for n in range(FEW_CLOSURES + 1)}
    large = weakref.ref(PACK.calendar(closures=many))
    assert own() and small() and large() is None
    for day in range(3, 10):
        PACK.calendar(closures={date(2026, 1, day): "Otro"})
    assert own() and small() is None


def test_every_type_of_the_pack_says_what_follows_when_it_is_missed():
    for terms in PACK.terms.values():
        for legal in terms:
            assert legal.effect.endswith(".")
            assert legal.bound
            assert legal.starts == "instant" or legal.term.count_from is CountFrom.NEXT_DAY


@pytest.mark.parametrize("country", ["xx", "", "c", "../co", "co/", "colombia"])
def test_an_unknown_country(country):
    with pytest.raises(UnknownCountry):
        load_pack(country)


def test_an_unknown_layer():
    with pytest.raises(UnknownLayer, match="lunar"):
        PACK.calendar(["national", "lunar"])


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ('country = "co"', 'colour = "blue"'),
        ('unit = "elapsed_hours"', 'unit = "moons"'),
        ("to = 2020-03-27", "to = 2020-04-27"),  # two terms for one day
        ('rule = "easter", offset', 'rule = "moon", offset'),
        ('bound = ["person"]', 'bound = ["nobody"]'),
        ('resume = "restart"', 'resumes = "restart"'),
        ("amount = 30", "amount = 0"),
        ("[counting]", "[counting"),
    ],
)
def test_a_broken_pack_is_refused(found, put):
    assert found in SOURCE
    with pytest.raises(BrokenPack):
        read_pack(SOURCE.replace(found, put).encode())
