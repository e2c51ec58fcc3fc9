"""The facts of surveys. Never an answer: those are rows."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class SurveySent(Fact):
    invitation: int
    survey: str
    sample: str

    verb = "surveys.survey_sent"
    sentence = _("Se le envió una encuesta")


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(Fact):
    invitation: int
    survey: str

    verb = "surveys.survey_answered"
    sentence = _("Contestó la encuesta")
