"""The calculator for programs: one question as JSON, its answer as JSON. The same engine, the same words."""

import json

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from escucha.kernel.norms.questions import answer, refusal
from escucha.kernel.words import _
from escucha.web.public.limits import RECKONINGS, within
from escucha.web.ui.access import anywhere
from escucha.web.ui.requests import HouseRequest

LARGEST = 64 * 1024  # bytes of a question
MOST_ROWS = 11 * 366  # of an answer's ledger, each with an act of up to 500 characters


@csrf_exempt  # it reads nothing of who asks and changes nothing
@require_POST
@anywhere
@within(RECKONINGS, as_json=True)
def reckoning(request: HouseRequest) -> HttpResponse:
    """Answers with 200; with 400 where the question has an error, which it names; with 413 if it is too long."""
    if len(request.body) > LARGEST:
        return _said(refusal(None, "question", _("La pregunta es demasiado larga: caben 64 KB.")), 413)
    try:
        question = json.loads(request.body)
    except (ValueError, RecursionError):
        return _said(refusal(None, "question", _("La pregunta no es JSON válido.")), 400)
    answered = answer(question)
    if len(answered.get("ledger", ())) > MOST_ROWS:
        said = _("El plazo dura más de once años: pregúntelo con «escucha reckon».")
        answered = refusal(answered["id"], "term", said)
    return _said(answered, 400 if "error" in answered else 200)


def _said(answered: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(answered, status=status, json_dumps_params={"ensure_ascii": False})
