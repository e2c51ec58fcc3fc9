"""The bench of the busiest hour finds nothing wrong where nothing is, and finds what is."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction

from bench.busiest_hour import _lateness
from bench.hour.driving import drive
from bench.hour.house import SLUG, Size, furnish
from bench.hour.plots import KINDS, PRIORITIES, plots
from bench.hour.verdict import findings
from escucha.contexts.assistance.models import Assistance, AssistanceFile, LogLine, Offer
from escucha.contexts.assistance.operations.offering import close_offers
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.orgs.queries import org_by_slug
from escucha.kernel.timeline.relay import run_errands

QUICK = {"conformity_apart": 0, "call_apart_seconds": 0, "vital_call_apart_seconds": 0, "offer_seconds": 1}
CHOSEN = ("usual", "nonconforming", "replaced", "after", "refund", "guarantee", "newcomer", "phone", "no_contact")


def the_clock():
    """What the worker does, in this process."""
    now = datetime.now(UTC)
    done = tick(now=now) + run_errands(now=now) + close_offers(now=now) + deliver(now=now)
    if not done:
        time.sleep(0.01)
    return done


@pytest.fixture
def hour(db, settings, tmp_path):
    """A dozen assistances of nine kinds, and what was done."""
    settings.ANCHORS, settings.ANCHOR_KEY = tmp_path / "anchors", tmp_path / "anchor.key"
    furnish(Size(affiliates=400, providers=200), now=datetime.now(UTC), times=QUICK)
    known = plots(60)
    offered = [one for one in known if one.kind == "usual" and one.account == "ruta_clara"][:2]
    first = {one.kind: one for one in reversed(known)}
    wanted = [*offered, *(first[kind] for kind in CHOSEN)]
    done = drive(wanted, pace=0.0, in_hand=6, now=datetime.now(UTC), idle=the_clock)
    while the_clock():
        pass
    return org_by_slug(SLUG), done


def wrong(hour):
    return [*findings(*hour)]


@pytest.mark.slow
def test_a_dozen_go_to_their_end_and_whatever_were_lost_would_be_found(hour):
    _org, done = hour
    assert not wrong(hour)
    assert len(done.assistances) == Assistance.objects.count() == 12
    assert Counter(stage for _key, stage, _conformity in done.assistances) == {"concluded": 11, "cancelled_later": 1}
    assert {"send_offers", "record_nonconformity", "authorise_refund", "take_provider_off"} <= set(done.spent)

    key = next(key for key, stage, _conformity in done.assistances if stage == Stage.CONCLUDED)
    found = Assistance.objects.get(pk=key)
    owed = Commitment.objects.filter(subject=found.subject).first()
    line = LogLine.objects.filter(assistance=key).first()
    complaint = Case.objects.get(filing_key__startswith="assistance-")

    def told(rows, **change):
        """What is found after a change, which is then undone."""
        with transaction.atomic():
            if change:
                rows.update(**change)
            else:
                rows.pk = None
                rows.save(force_insert=True)
            said = " ".join(wrong(hour))
            transaction.set_rollback(True)
        return said

    assert f"assistance {key} is refunding" in told(Assistance.objects.filter(pk=key), stage="refunding", ended_at=None)
    debt = Commitment.objects.filter(pk=owed.pk)
    assert f"{owed.kind} of {owed.subject} is owed" in told(debt, settled_at=None, outcome="", cause="")
    assert f"assistance {key} has" in told(line)
    assert "0 complaints of" in told(Case.objects.filter(pk=complaint.pk), filing_key=None)
    files = AssistanceFile.objects.filter(pk=found.file_id)
    assert f"file {found.file.number} is open" in told(files, closed_at=None, state="open")
    first = Offer.objects.filter(pk=Offer.objects.first().pk)
    assert "0 steps, 0 errands, 0 messages, 1 offers" in told(first, state=Offer.State.OPEN)
    assert not wrong(hour)


def test_one_that_could_not_go_on_is_told(db):
    furnish(Size(affiliates=400, providers=0), now=datetime.now(UTC), times=QUICK)
    plot = next(one for one in plots(60) if one.kind == "phone")
    nobody = plot._replace(kind="replaced", service="plomeria", document="1")
    done = drive([nobody], pace=0.0, in_hand=1, now=datetime.now(UTC), idle=the_clock)
    assert [one.split(": ")[1] for one in done.failures] == ["IndexError"]  # nobody has that document


@pytest.mark.parametrize("assistances", [60, 300, 3000])
def test_the_mixture_is_what_it_says(assistances):
    found = plots(assistances)
    kinds = Counter(one.kind for one in found)
    assert len(found) + kinds["guarantee"] == assistances
    assert all(abs(kinds[kind] - share * assistances / 100) <= 1 for kind, share in KINDS.items())
    priorities = Counter(one.priority for one in found)
    assert all(abs(priorities[one] - share * len(found) / 100) <= 1 for one, share in PRIORITIES.items())
    assert all(one.priority == "programmed" for one in found if one.kind == "moved")
    assert len({one.document for one in found}) == len(found)
    assert found == plots(assistances)


def test_a_timer_that_is_too_late_does_not_meet_its_target():
    assert _lateness("", [0.1, 1.9], 2.0).met is True
    assert _lateness("", [0.1, 2.1], 2.0).met is False
