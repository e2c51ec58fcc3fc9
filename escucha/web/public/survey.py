"""A short questionnaire, behind the link of its message. Nothing is obligatory, and it is answered once."""

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from escucha.contexts.surveys.models import Invitation
from escucha.contexts.surveys.operations import Wrong, answer_survey
from escucha.contexts.surveys.policy import Instrument, Kind, Question
from escucha.contexts.surveys.queries import NoSuchSurvey, instrument_of, invitation_by_code
from escucha.contexts.surveys.rules import LONGEST, blockers_to_answer
from escucha.kernel.words import Refused, Saying
from escucha.web.public.privacy import for_its_reader
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest


class Questionnaire(forms.Form):
    """The questions of an instrument, each in the words of the organisation."""

    def __init__(self, data: Mapping[str, str] | None = None, *, instrument: Instrument) -> None:
        super().__init__(data)
        for question in instrument.questions:
            self.fields[question.key] = _field(question)

    def say_wrong(self, wrong: Mapping[str, Saying]) -> None:
        for key, saying in wrong.items():
            self.add_error(key, str(saying))


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def survey(request: HouseRequest, code: str) -> HttpResponse:
    """Asks; sent, it says thanks. Late or answered already it says so, and shows no answer to anybody."""
    try:
        invitation = invitation_by_code(org=request.org, code=code)
        instrument = instrument_of(invitation)
    except NoSuchSurvey:
        raise Http404 from None
    answered = invitation.answered_at is not None
    blockers = blockers_to_answer(answered=answered, open_until=invitation.open_until, now=request.now)
    if blockers:
        return render(request, "public/survey_over.html", {"instrument": instrument, "blockers": blockers})
    form = Questionnaire(request.POST or None, instrument=instrument)
    if request.method == "POST" and form.is_valid():
        return _sent(request, invitation, instrument, form)
    return _asked(request, instrument, form, status=422 if form.errors else 200)


def _sent(request: HouseRequest, invitation: Invitation, instrument: Instrument, form: Questionnaire) -> HttpResponse:
    try:
        answer_survey(org=request.org, code=invitation.code, said=form.cleaned_data, now=request.now)
    except Wrong as why:
        form.say_wrong(why.wrong)
    except Refused as why:
        form.add_error(None, str(why))
    else:
        return render(request, "public/survey_over.html", {"instrument": instrument, "thanks": True})
    return _asked(request, instrument, form, status=422)


def _asked(request: HouseRequest, instrument: Instrument, form: Questionnaire, *, status: int) -> HttpResponse:
    shown = {"instrument": instrument, "form": form, "fields": [form[one.key] for one in instrument.questions]}
    return render(request, "public/survey.html", shown, status=status)


def _field(question: Question) -> forms.Field:
    if question.kind is Kind.TEXT:
        area = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=question.text, required=False, max_length=LONGEST, widget=area)
    choices = [(str(grade.value), grade.label) for grade in question.grades]
    return forms.ChoiceField(label=question.text, required=False, choices=choices, widget=forms.RadioSelect)
