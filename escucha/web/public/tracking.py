"""Following a request: number and second factor open it for half an hour, in the session and never in the address."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.reaching import open_answer
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_id, profile_of_case
from escucha.contexts.cases.queries.joined import main_of, may_read_answer
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.written import latest_answer, notice_of
from escucha.contexts.cases.rules.numbers import readings, wrong_check
from escucha.contexts.cases.rules.standing import State, blockers_to_withdraw
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.words import Saying
from escucha.web.public.doors import try_door
from escucha.web.public.forms import Tracking, Withdrawal
from escucha.web.public.outlook import outlook_of
from escucha.web.public.privacy import for_its_reader
from escucha.web.public.story import ahead_of, stage_of, story_of
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

KEY = "followed"
OPEN_FOR = timedelta(minutes=30)
READ = {State.NOTIFIED, State.CLOSED}


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def tracking(request: HouseRequest) -> HttpResponse:
    """Asks for number and second factor. A wrong number and a wrong factor get the same answer."""
    if request.method != "POST":
        return render(request, "public/tracking.html", {"form": Tracking()})
    form = Tracking(request.POST)
    form.is_valid()
    if wrong_check(readings(form.cleaned_data["number"])):  # told by arithmetic: it says nothing of what exists
        why = _("El dígito de control no corresponde a ese número. Mírelo otra vez: quizá una cifra cambió de lugar.")
        form.add_error("number", why)
        return render(request, "public/tracking.html", {"form": form}, status=422)
    tried = try_door(request, number=form.cleaned_data["number"], factor=form.cleaned_data["factor"])
    if tried.case is not None:
        _open(request, tried.case, by_code=tried.by_code)
        return redirect("public:followed")
    if tried.again_at is not None:
        return render(request, "public/tracking.html", {"form": form, "again_at": tried.again_at}, status=429)
    form.add_error(None, _("No encontramos una solicitud con ese número y ese documento o código."))
    return render(request, "public/tracking.html", {"form": form}, status=422)


def of_the_followed(view: Callable[[HouseRequest, Case], HttpResponse]) -> Callable[[HouseRequest], HttpResponse]:
    """Gives the view the case that this session opened; without one, asks for number and factor again."""

    @wraps(view)
    def enter(request: HouseRequest) -> HttpResponse:
        kept = request.session.get(KEY) or {}
        if kept.get("org") != request.org.pk or datetime.fromisoformat(kept["until"]) <= request.now:
            return redirect("public:tracking")
        try:
            case = case_by_id(org=request.org, case_id=kept["case"])
        except NoSuchCase:
            return redirect("public:tracking")
        return view(request, case)

    return enter


def came_by_code(request: HouseRequest) -> bool:
    """Whether the code of the receipt opened the case that is followed, and not a document, which many know."""
    return bool(request.session[KEY].get("by_code"))


def wrong_code(request: HouseRequest, case: Case, form: Withdrawal, context: dict[str, object]) -> int:
    """The status of the page that asks for the code again; none where it was right."""
    form.is_valid()
    tried = try_door(request, number=case.filing_number, factor=form.cleaned_data["code"])
    if tried.by_code:
        _open(request, case, by_code=True)
        return 0
    if tried.again_at is not None:
        context["again_at"] = tried.again_at
        return 429
    form.add_error("code", _("Ese no es el código del recibo. Son seis letras y números, junto al número de radicado."))
    return 422


@public
@require_safe
@for_its_reader
@of_the_followed
def followed(request: HouseRequest, case: Case) -> HttpResponse:
    """Of a request that was put together with another: its own number and receipt, and all the rest of the other.

    But its answer, where it is not known that both are of the same person.
    """
    main = main_of(case)
    ready = main.state == State.SENT
    may_read = may_read_answer(case, main)
    profile = profile_of_case(main)
    history = history_about(org=request.org, subject=main.subject)
    found = outlook_of(main, profile, history, now=request.now)
    stage, means = stage_of(main, profile)
    if not may_read and main.state in {State.SENT, *READ}:
        means = _("La respuesta se lee con el número {number}.").format(number=main.filing_number)
    return render(
        request,
        "public/followed.html",
        {
            "case": case,
            "main": main,
            "stage": stage,
            "means": means,
            "outlook": found,
            "story": story_of(main, profile),
            "ahead": ahead_of(main, profile, history, found, now=request.now),
            "answer": _answer_shown(main) if may_read else None,
            "ready": ready and may_read,
            "may_read": may_read,
            "notice": notice_of(main) if ready and may_read else None,
            "may_withdraw": not _withdrawal_blockers(case, profile),
        },
    )


@public
@require_POST
@for_its_reader
@of_the_followed
def reading(request: HouseRequest, case: Case) -> HttpResponse:
    """*Ver mi respuesta*: from now on the answer reached its person."""
    main = main_of(case)
    answer = latest_answer(main)
    if main.state == State.SENT and answer is not None and may_read_answer(case, main):
        open_answer(org=request.org, token=answer.link_token, now=request.now)
    return redirect("public:followed")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
@of_the_followed
def withdrawal(request: HouseRequest, case: Case) -> HttpResponse:
    """Asks once more before the person's request is withdrawn for good: and, of who came by a document, its code.

    A document number is known to many; the code only to who has the receipt.
    """
    by_code = came_by_code(request)
    form = Withdrawal(request.POST if request.method == "POST" else None)
    context = {"case": case, "blockers": _withdrawal_blockers(case), "form": None if by_code else form}
    if request.method != "POST":
        return render(request, "public/withdrawal.html", context)
    if not by_code and (status := wrong_code(request, case, form, context)):
        return render(request, "public/withdrawal.html", context, status=status)
    try:
        withdraw_case(org=request.org, case_id=case.pk, by=CITIZEN, now=request.now)
    except Refused as refused:
        return render(request, "public/withdrawal.html", context | {"blockers": refused.blockers}, status=409)
    return redirect("public:followed")


@public
@require_POST
def leaving(request: HouseRequest) -> HttpResponse:
    """The case is closed to this browser, for who uses somebody else's."""
    request.session.pop(KEY, None)
    return redirect("public:tracking")


def _open(request: HouseRequest, case: Case, *, by_code: bool) -> None:
    request.session.cycle_key()
    until = request.now + OPEN_FOR
    kept = {"org": request.org.pk, "case": case.pk, "until": until.isoformat(), "by_code": by_code}
    request.session[KEY] = kept


def _answer_shown(case: Case) -> Answer | None:
    return latest_answer(case) if case.state in READ else None


def _withdrawal_blockers(case: Case, profile: Profile | None = None) -> Sequence[Saying]:
    return blockers_to_withdraw(standing_of(case, profile=profile), CITIZEN)
