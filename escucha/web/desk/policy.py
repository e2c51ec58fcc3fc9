"""Política: what the profile in force means, in plain words: kinds with promise and law, hours, roles."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from escucha.contexts.cases.policy import CasesPolicy
from escucha.flows.switchboard import ACTS
from escucha.kernel.norms.legal import UNIT_NAMES
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@desk("profile.see")
def policy(request: DeskRequest) -> HttpResponse:
    profile, today = request.profile, timezone.localtime(request.now).date()
    kinds = []
    for kind in profile.section(CasesPolicy).types.values():
        law = profile.pack.legal_term(kind.canonical, on=today, risk=kind.risk or None, bound=profile.identity.bound)
        promised = f"{kind.promised.amount} {UNIT_NAMES[kind.promised.unit]}"
        stages = " + ".join(str(stage.days or stage.hours) for stage in kind.promise)
        kinds.append((kind, promised, stages if len(kind.promise) > 1 else "", law))
    roles = [(role.label, [_(ACTS.get(act, act)) for act in role.acts]) for role in profile.roles.values()]
    shown = {"kinds": kinds, "roles": roles, "digest": profile.digest}
    return render(request, "desk/policy/policy.html", shown)
