"""Who is at the desk: a signed-in member of each kind, and cases of a few days ago in every state."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.operations.answering import check_answer
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.reaching import close_case, record_call
from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret
from tests.browser import address
from tests.make import ALL_MET, a_case, a_routed_case, a_sent_case, an_answered_case
from tests.web.entering import let_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def no_static_folder(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def at_desk(no_static_folder, cafetal):
    """Signs a member in: `at_desk("lucia")` is a client with its second factor confirmed."""

    def enter(who, **options):
        client = Client(headers={"host": cafetal.org.host}, **options)
        sign_in(client, cafetal.members[who].account)
        return client

    return enter


@pytest.fixture
def desk_page(live_server, cafetal, page, no_static_folder):
    """Opens addresses of the desk as somebody: `desk_page("lucia", "casos/")` is the browser's page."""

    def visit(who, path=""):
        let_in(page.context, live_server, cafetal, who)
        page.goto(address(live_server, cafetal.org.slug, f"/mesa/{path}"))
        return page

    return visit


def sign_in(client, account):
    give_second_factor(account, secret=sample_secret(account.email))
    client.force_login(account, backend=BACKEND)


@pytest.fixture
def story(cafetal):
    """Cases by state, each filed some days ago and lived through by its own people."""
    filed = timezone.now() - timedelta(days=10)
    later, lucia = filed + timedelta(days=2), cafetal.actor("lucia")
    there = {"org": cafetal.org, "by": lucia}

    def approved(**changes):
        case = an_answered_case(cafetal, now=filed, **changes)
        check_answer(case_id=case.pk, verdicts=ALL_MET, now=later, **there)
        return fresh(case)

    def notified(**changes):
        case = a_sent_case(cafetal, now=filed, **changes)
        call = {"number": "300 000 0001", "result": "answered"}
        record_call(case_id=case.pk, now=filed + timedelta(days=3), **call, **there)
        return fresh(case)

    def closed(**changes):
        return close_case(case_id=notified(**changes).pk, now=filed + timedelta(days=4), **there)

    def withdrawn(**changes):
        return withdraw_case(
            reason="Lo dijo por teléfono.", case_id=a_case(cafetal, now=filed, **changes).pk, now=later, **there
        )

    return SimpleNamespace(
        filed=lambda **changes: a_case(cafetal, now=filed, **changes),
        assigned=lambda **changes: a_routed_case(cafetal, now=filed, **changes),
        answered=lambda **changes: an_answered_case(cafetal, now=filed, **changes),
        approved=approved,
        sent=lambda **changes: a_sent_case(cafetal, now=filed, **changes),
        notified=notified,
        closed=closed,
        withdrawn=withdrawn,
    )


def fresh(case):
    case.refresh_from_db()
    return case
