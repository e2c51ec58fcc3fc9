"""The pages of the assistance desk. A file is called by its number, an assistance by its file's and its own."""

from django.urls import path

from escucha.web.desk.assistance import (
    acts,
    assistance,
    board,
    calls,
    file_acts,
    files,
    network,
    network_provider,
    new_assistance,
    new_file,
    reminders,
    sharing,
)

FILE = "asistencia/<int:number>/"
PROVIDER = "asistencia/red/<int:provider_id>/"
ASSISTANCE = f"{FILE}<int:position>/"

urlpatterns = [
    path("asistencia/", board.board, name="assistance_board"),
    path("asistencia/nuevo/", new_file.new_file, name="new_assistance_file"),
    path("asistencia/nuevo/afiliados/", new_file.candidates, name="assistance_candidates"),
    path("asistencia/nuevo/lugar/", new_file.place, name="assistance_place"),
    path("asistencia/nuevo/saludo/", new_file.salute, name="assistance_greeting"),
    path("asistencia/llamadas/", calls.panel, name="calls_panel"),
    path("asistencia/llamadas/<int:call_id>/", calls.taking, name="call_taking"),
    path("asistencia/recordatorios/<int:reminder_id>/", reminders.done, name="reminder_done"),
    path("asistencia/entregas/", sharing.hand_overs, name="file_hand_overs"),
    path("asistencia/entregas/<int:moment>/", sharing.handed, name="file_hand_over"),
    path("asistencia/entregas/<int:moment>/devolucion/", sharing.taking_back, name="file_hand_over_back"),
    path("asistencia/red/", network.network, name="network"),
    path("asistencia/red/lista.csv", network.export, name="network_export"),
    path("asistencia/red/nuevo/", network.new_provider, name="new_provider"),
    path("asistencia/red/importacion/", network.importing, name="network_import"),
    path(PROVIDER, network_provider.provider, name="provider"),
    *network_provider.addresses(PROVIDER),
    path(FILE, files.file, name="assistance_file"),
    path(f"{FILE}busqueda/", file_acts.search, name="file_search"),
    *file_acts.addresses(FILE),
    path(f"{FILE}fila/", board.board_row, name="assistance_file_row"),
    path(f"{ASSISTANCE}fila/", board.board_row, name="assistance_row"),
    path(f"{FILE}nueva/", new_assistance.new_assistance, name="new_assistance"),
    path(ASSISTANCE, assistance.assistance, name="assistance"),
    path(f"{ASSISTANCE}recordatorios/", reminders.reminder, name="assistance_reminder"),
    *acts.addresses(ASSISTANCE),
]
