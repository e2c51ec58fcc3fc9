"""Candidates, records and zones of any kind, for properties."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from escucha.contexts.assistance.rules.ranking import Candidate
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.standings import Record, Zone

fractions = st.floats(0, 1)
counts = st.floats(0, 500)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
priorities = st.sampled_from(Priority)


@st.composite
def records(draw):
    asked, jobs = draw(counts), draw(counts)
    answered, completed, rated = asked * draw(fractions), jobs * draw(fractions), jobs * draw(fractions)
    return Record(
        asked=asked,
        answered=answered,
        accepted=answered * draw(fractions),
        jobs=jobs,
        on_time=jobs * draw(fractions),
        rated=rated,
        conforming=rated * draw(fractions),
        completed=completed,
        cost=completed * draw(st.floats(0, 1000)),
        recent=draw(st.floats(0, 50)),
    )


zones = st.builds(
    Zone,
    answers=fractions,
    accepts=fractions,
    on_time=fractions,
    conforms=fractions,
    completes=fractions,
    tariff=st.none() | st.floats(1, 1000),
    fair_share=st.floats(0, 50),
    eta_minutes=st.floats(0, 200),
)
candidates = st.builds(
    Candidate,
    key=st.integers(1, 10**6),
    position=st.integers(1, 50),
    eta_minutes=st.none() | st.floats(0, 500),
    record=records(),
    tariff=st.none() | st.floats(0, 1000),
    last_assigned_at=st.none() | moments,
    original=st.booleans(),
)
several = st.lists(candidates, max_size=8, unique_by=lambda one: one.key)
