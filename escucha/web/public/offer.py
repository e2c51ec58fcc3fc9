"""A work offered to a provider, behind the link of its message. It says what and where, and never who asks."""

from collections.abc import Mapping
from datetime import timedelta

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from escucha.contexts.assistance.models import Offer
from escucha.contexts.assistance.operations.offering import accept_offer, refuse_offer
from escucha.contexts.assistance.queries.offers import NoSuchOffer, OfferShown, offer_shown
from escucha.kernel.words import Refused
from escucha.web.public.privacy import for_its_reader
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

LONGEST_WAY = 600  # minutes
OVER: Mapping[str, object] = {
    Offer.State.ACCEPTED: _("Ya aceptó. Apenas se cierre la oferta le decimos aquí si el trabajo es suyo."),
    Offer.State.REFUSED: _("Dijo que no puede ir. Gracias por contestar."),
    Offer.State.TAKEN: _("Ya fue otra persona. No cuenta en su contra."),
    Offer.State.EXPIRED: _("Se acabó el tiempo de esta oferta."),
}


class Acceptance(forms.Form):
    minutes = forms.IntegerField(
        label=_("¿En cuántos minutos llega?"),
        help_text=_("Contando desde ahora. Es la hora que le decimos a quien espera."),
        min_value=1,
        max_value=LONGEST_WAY,
        error_messages={
            "required": _("Escriba en cuántos minutos llega."),
            "invalid": _("Escriba los minutos con números."),
        },
    )

    def __init__(self, *args, asks_hour: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_hour:
            del self.fields["minutes"]


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def offer(request: HouseRequest, code: str) -> HttpResponse:
    """Looking answers nothing. Answered, it goes on to say what came of it; won, to the page of the work."""
    shown = _shown(request, code)
    if shown.page_code:
        return redirect("public:work", shown.page_code)
    if request.method != "POST":
        return _page(request, shown, Acceptance(asks_hour=shown.asks_hour))
    if "refuse" in request.POST:
        return _answered(request, code, Acceptance(asks_hour=shown.asks_hour), eta=None, accepts=False)
    form = Acceptance(request.POST, asks_hour=shown.asks_hour)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    minutes = form.cleaned_data.get("minutes")
    eta = timedelta(minutes=minutes) if minutes else None
    return _answered(request, code, form, eta=eta, accepts=True)


def _answered(
    request: HouseRequest, code: str, form: Acceptance, *, eta: timedelta | None, accepts: bool
) -> HttpResponse:
    try:
        if accepts:
            accept_offer(org=request.org, code=code, eta_at=request.now + eta if eta else None, now=request.now)
        else:
            refuse_offer(org=request.org, code=code, now=request.now)
    except Refused as why:
        return _page(request, _shown(request, code), form, why=why, status=409)
    return redirect("public:offer", code)


def _shown(request: HouseRequest, code: str) -> OfferShown:
    try:
        return offer_shown(org=request.org, code=code, now=request.now)
    except NoSuchOffer:
        raise Http404 from None


def _page(
    request: HouseRequest, shown: OfferShown, form: Acceptance, *, why: Refused | None = None, status: int = 200
) -> HttpResponse:
    over = "" if shown.is_open else OVER.get(Offer.State(shown.state), OVER[Offer.State.EXPIRED])
    said = {"offer": shown, "form": form, "over": over, "blockers": why.blockers if why and shown.is_open else ()}
    return render(request, "public/assistance/offer.html", said, status=status)
