"""The deadlines of a case for programs: each with its norm, its inputs and its account day by day."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from escucha.contexts.cases.queries.doors import profile_of_case
from escucha.contexts.cases.rules.debts import DEBT_NAMES
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.case import found
from escucha.web.ui.access import desk
from escucha.web.ui.debts import ledger_of
from escucha.web.ui.requests import DeskRequest


@desk("cases.see")
def deadlines(request: DeskRequest, number: str) -> HttpResponse:
    case = found(request, number)
    profile = profile_of_case(case)
    owed = history_about(org=request.org, subject=case.subject)
    said = {"filing_number": case.filing_number, "deadlines": [_deadline(debt, profile) for debt in owed]}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _deadline(debt: Commitment, profile: Profile) -> dict[str, Any]:
    return {
        "kind": debt.kind,
        "name": _(DEBT_NAMES.get(debt.kind, debt.kind)),
        "due_at": debt.due_at,
        "due_date": debt.due_on,
        "outcome": debt.outcome or None,
        "norm": debt.reckoning.get("norm") or None,
        "reckoning": debt.reckoning,
        "ledger": [row._asdict() for row in ledger_of(profile, debt)],
    }
