"""Who follows its case reads what it agreed to, and withdraws it: as easily as it was given, and without saying why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.contexts.people.models import Person
from escucha.contexts.people.operations.consenting import withdraw_consent
from escucha.contexts.people.queries import agreements_of
from escucha.flows.person_files_with_papers_and_consents import TICKED
from escucha.flows.staff_files_for_who_goes_first import READ_ALOUD
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.words import Refused, _
from escucha.web.public.forms import Withdrawal
from escucha.web.public.privacy import for_its_reader
from escucha.web.public.tracking import came_by_code, of_the_followed, wrong_code
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

ASKED_HERE = _("La persona lo pidió en la página, con el código de su recibo.")
TO_ITS_PERSON = {  # the proofs that the product writes; what is kept stays as it was written
    TICKED: _("Usted marcó la casilla en la página."),
    READ_ALOUD: _("Quien radicó le leyó el texto en voz alta y usted dijo que sí."),
    ASKED_HERE: _("Usted lo pidió en la página, con el código de su recibo."),
}


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
@of_the_followed
def consents(request: HouseRequest, case: Case) -> HttpResponse:
    """A use at a time. Who came by a document says the code first: that number is known to many."""
    if case.person is None:
        return redirect("public:followed")
    if not came_by_code(request):
        return _asking(request, case)
    if request.method == "POST":
        _withdraw(request, case.person, request.POST.get("purpose", "").replace("\x00", ""))
        return redirect("public:consents")
    found = agreements_of(org=request.org, viewer=CITIZEN, person=case.person, at=request.now)
    return _shown(request, case, agreements=[(one, _to_its_person(one.last.proof)) for one in found if one.last])


def _asking(request: HouseRequest, case: Case) -> HttpResponse:
    form = Withdrawal(request.POST if request.method == "POST" else None)
    more: dict[str, Any] = {"form": form}
    if request.method != "POST":
        return _shown(request, case, **more)
    if status := wrong_code(request, case, form, more):
        return _shown(request, case, status=status, **more)
    return redirect("public:consents")


def _to_its_person(proof: str) -> str:
    """The proof, said to whom it is about. What staff wrote in its own words is quoted as it was written."""
    if proof in TO_ITS_PERSON:
        return gettext(TO_ITS_PERSON[proof])
    return gettext("Así lo anotamos: «{proof}»").format(proof=proof.strip()) if proof.strip() else ""


def _shown(request: HouseRequest, case: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "public/consents.html", {"case": case} | more, status=status)


def _withdraw(request: HouseRequest, person: Person, purpose: str) -> None:
    """What was withdrawn already is withdrawn: the page shows it."""
    web = request.profile.section(ChannelsPolicy).receiving_by(WEB)
    channel = web.key if web else WEB
    try:
        withdraw_consent(
            org=request.org,
            person_id=person.pk,
            purpose=purpose,
            channel=channel,
            proof=ASKED_HERE,
            by=CITIZEN,
            now=request.now,
        )
    except Refused:
        return
