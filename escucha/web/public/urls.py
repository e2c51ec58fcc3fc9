"""The public face. Every address is a noun, and none carries a person's data.

Three of them are in messages already sent, and never change: `settings.PAGES` says them.
"""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from escucha.web.public import (
    adding,
    answer,
    calculator,
    channels,
    consents,
    filing,
    form_pdf,
    front,
    notices,
    offer,
    places,
    profile_forms,
    receipt,
    reckoning,
    reports,
    service,
    survey,
    terms,
    tracking,
    work,
)

app_name = "public"


class Code(StringConverter):
    """What opens one page of one person: as codes are made, so that nothing else reaches the database."""

    regex = "[A-Za-z0-9_-]{6,60}"


register_converter(Code, "code")

urlpatterns = [
    path("", front.front, name="home"),
    path("", front.front, name="landing"),
    path("estilo/<slug:digest>.css", front.accent, name="accent"),
    path("radicar/", filing.filing, name="filing"),
    path("buzon/", filing.box, name="box"),
    path("formularios/<slug:key>/", profile_forms.profile_form, name="form"),
    path("denuncias/", reports.report, name="report"),
    path("denuncias/recibo/", reports.report_receipt, name="report_receipt"),
    path("municipios.json", places.places, name="places"),
    path("dudas.json", places.doubts, name="doubts"),
    path("formulario.pdf", form_pdf.form_pdf, name="form_pdf"),
    path("recibo/<code:code>/", receipt.receipt, name="receipt"),
    path("verificar/", receipt.verification, name="verification"),
    path("verificar/<code:code>/", receipt.verify, name="verify"),
    path("seguir/", tracking.tracking, name="tracking"),
    path("seguir/solicitud/", tracking.followed, name="followed"),
    path("seguir/solicitud/respuesta/", tracking.reading, name="reading"),
    path("seguir/solicitud/retiro/", tracking.withdrawal, name="withdrawal"),
    path("seguir/solicitud/adiciones/", adding.adding, name="adding"),
    path("seguir/solicitud/autorizaciones/", consents.consents, name="consents"),
    path("seguir/solicitud/salida/", tracking.leaving, name="leaving"),
    path("respuesta/<code:token>/", answer.answer, name="answer"),
    path("oferta/<code:code>/", offer.offer, name="offer"),
    path("trabajo/<code:code>/", work.work, name="work"),
    path("trabajo/<code:code>/lugar/", work.place, name="work_place"),
    path("trabajo/<code:code>/<slug:act>/", work.progress, name="work_progress"),
    path("servicio/<code:code>/", service.service, name="service"),
    path("servicio/<code:code>/<slug:act>/", service.answered, name="service_answered"),
    path("encuesta/<code:code>/", survey.survey, name="survey"),
    path("avisos/", notices.notices, name="notices"),
    path("canales/", channels.channels, name="channels"),
    path("terminos/", terms.terms, name="terms"),
    path("canales.json", channels.channels_json, name="channels_json"),
    path("calculadora/", calculator.calculator, name="calculator"),
    path("calculadora/preguntas/", reckoning.reckoning, name="reckoning"),
]
