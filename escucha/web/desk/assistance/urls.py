"""The pages of the assistance desk. A file is called by its number, an assistance by its file's and its own."""

from django.urls import path

from escucha.web.desk.assistance import acts, assistance, board

FILE = "asistencia/<int:number>/"
ASSISTANCE = f"{FILE}<int:position>/"

urlpatterns = [
    path("asistencia/", board.board, name="assistance_board"),
    path(f"{FILE}fila/", board.board_row, name="assistance_file_row"),
    path(f"{ASSISTANCE}fila/", board.board_row, name="assistance_row"),
    path(ASSISTANCE, assistance.assistance, name="assistance"),
    *acts.addresses(ASSISTANCE),
]
