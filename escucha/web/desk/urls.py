"""The desk. Every address is a noun; every act on a case is a POST to its own noun."""

from django.urls import path

from escucha.web.desk import (
    acts,
    case,
    case_export,
    cases,
    deadlines,
    hand_overs,
    log,
    messages,
    new_case,
    pieces,
    policy,
    preferences,
    today,
)

app_name = "desk"
CASE = "casos/<str:number>/"

urlpatterns = [
    path("", today.today, name="today"),
    path("casos/", cases.cases, name="cases"),
    path("casos/lista.csv", case_export.export, name="case_export"),
    path("casos/nuevo/", new_case.new_case, name="new_case"),
    path(CASE, case.show, name="case"),
    path(f"{CASE}plazos.json", deadlines.deadlines, name="deadlines"),
    path(f"{CASE}clasificacion/", acts.classification, name="classification"),
    path(f"{CASE}traslado/", acts.routing, name="routing"),
    path(f"{CASE}devolucion/", acts.returning, name="returning"),
    path(f"{CASE}encargo/", acts.assignment, name="assignment"),
    path(f"{CASE}respuesta/", acts.answer, name="answer"),
    path(f"{CASE}revision/", acts.check, name="check"),
    path(f"{CASE}envio/", acts.sending, name="sending"),
    path(f"{CASE}llamadas/", acts.calls, name="calls"),
    path(f"{CASE}recordatorios/", acts.reminders, name="reminders"),
    path(f"{CASE}aviso/", acts.notice, name="notice"),
    path(f"{CASE}cierre/", acts.closing, name="closing"),
    path(f"{CASE}desistimiento/", acts.withdrawal, name="withdrawal"),
    path(f"{CASE}notas/", acts.notes, name="notes"),
    path("bitacora/", log.log, name="log"),
    path("correos/", messages.messages, name="messages"),
    path("correos/<int:message_id>/", messages.message, name="message"),
    path("informes/entregas/", hand_overs.hand_overs, name="hand_overs"),
    path("politica/", policy.policy, name="policy"),
    path("piezas/", pieces.pieces, name="pieces"),
    path("preferencias/teclas/", preferences.keys, name="keys"),
]
