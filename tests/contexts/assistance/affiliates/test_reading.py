"""How a client's file is understood: its headings, its rows, its encodings, and what a hostile book may not do."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.affiliates import keys_of, keys_said
from escucha.contexts.assistance.rules.importing.books import _Shared
from escucha.contexts.assistance.rules.importing.columns import columns_of, find_columns
from escucha.contexts.assistance.rules.importing.reading import REASONS, RowReader, day_said, status_called
from escucha.contexts.assistance.rules.importing.reporting import lines_of
from escucha.contexts.assistance.rules.importing.sheets import FileKind, Unreadable, kind_of_sheet, rows_of
from tests.contexts.assistance.affiliates.sent import HEADINGS, MARTA, as_book, as_csv, as_shared_book
from tests.make import profile

pytestmark = pytest.mark.requirement("ASIS-01.3")


def the_policy():
    return profile("quetzal").section(AssistancePolicy)


def a_reader(*headings, account="techo_amigo"):
    policy = the_policy()
    found = policy.account(account)
    return RowReader(columns_of(1, headings, validator=found.validator), policy=policy, account=found)


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "key"),
        [
            ("N.º de documento", "document_number"),
            ("CÉDULA", "document_number"),
            ("Número de Identificación", "document_number"),
            ("Tipo de documento", "document_kind"),
            ("Nombres y Apellidos", "full_name"),
            ("FECHA_INICIO_VIGENCIA", "since_on"),
            ("Correo electrónico", "email"),
            ("Documento del titular", "holder_document"),
            ("Teléfono 2", "other_phone"),
            ("Número de póliza", "validator"),
        ],
    )
    def test_are_known_by_several_names(self, heading, key):
        found = columns_of(1, ["Código", heading], validator="Número de póliza")
        assert list(found.places) == ["external_key", key] and found.heading(key) == heading

    def test_may_stand_under_a_title_and_have_strangers(self):
        rows = iter([(1, ["Base de marzo"]), (4, ["Cédula", "Nombre", "Signo"]), (5, ["1", "Ana", "Leo"])])
        found = find_columns(rows)
        assert (found.row, found.unknown, next(rows)[0]) == (4, ["Signo"], 5)

    def test_a_second_telephone_and_names_in_four_columns(self):
        found = columns_of(1, ["Cédula", "Primer nombre", "Segundo nombre", "Teléfono", "Celular"])
        assert found.places == {"document_number": [0], "first_name": [1, 2], "phone": [3], "other_phone": [4]}

    def test_are_not_any_row(self):
        assert columns_of(1, ["1.990.000.011", "Marta"]) is None
        assert columns_of(1, ["Nombre", "Apellidos"]) is None


class TestRows:
    def test_say_who_and_how_to_find_it(self):
        said, key, faults = a_reader(*HEADINGS).read(2, MARTA)
        assert (said.external_key, key, faults) == ("d:1990000011/POL11", "d:1990000011/POL11", ())
        assert (said.plan, said.status, said.keys) == (
            "techo_basico", "active", ["d:1990000011", "v:POL11", "t:3000000011"],
        )  # fmt: skip

    def test_every_reason_says_what_to_do(self):
        headings = ["Documento", "Nombre", "Plan", "Estado", "Tipo de documento", "Desde", "Hasta", "Correo"]
        reader = a_reader(*headings)
        _said, _key, faults = reader.read(9, ["", "", "no hay", "quizás", "carné", "ayer", "31/02/2026", "arroba"])
        told = {fault.column: str(fault.words) for fault in faults}
        assert set(told) == set(headings)
        for value in ("no hay", "quizás", "carné", "ayer", "31/02", "arroba"):
            assert not any(value in words for words in told.values())
        _said, _key, [ends] = reader.read(9, ["1", "Ana", "", "", "", "02/02/2026", "2026-02-01", ""])
        assert ends.reason == "ends_before"
        _said, _key, [long] = reader.read(9, ["1", "A" * 81, "", "", "", "", "", ""])
        assert str(long.words) == "Es más largo de lo que cabe: 80 letras. Acórtelo."
        assert all(words.endswith(".") for words in REASONS.values())

    def test_an_only_plan_need_not_be_said(self):
        assert a_reader("Placa", "Nombre", account="ruta_clara").read(2, ["ABC 123", "Ana"])[0].plan == "ruta_total"

    @pytest.mark.parametrize(
        ("whole", "first", "last"),
        [
            ("Marta Inés Cadavid Ríos", "Marta Inés", "Cadavid Ríos"),
            ("Julio Peñaloza", "Julio", "Peñaloza"),
            ("Ana Berrío Gil", "Ana", "Berrío Gil"),
            ("CADAVID RÍOS, MARTA INÉS", "MARTA INÉS", "CADAVID RÍOS"),
            ("Plutarco", "Plutarco", ""),
        ],
    )
    def test_a_whole_name_is_parted(self, whole, first, last):
        said, *_rest = a_reader("Cédula", "Nombre completo").read(2, ["1990000011", whole])
        assert (said.first_name, said.last_name) == (first, last)

    def test_a_city_that_is_no_zone_stays_in_the_address(self):
        reader = a_reader("Cédula", "Nombre", "Ciudad", "Dirección")
        assert reader.read(2, ["1", "Ana", "BOGOTA", "Calle 1"])[0].area == "co/bogota"
        there, *_rest = reader.read(2, ["1", "Ana", "Pereira", "Calle 1"])
        assert (there.area, there.address) == ("", "Calle 1, Pereira")

    @given(st.lists(st.text(max_size=20), max_size=9))
    def test_nothing_that_a_row_says_is_an_error_of_ours(self, cells):
        said, _key, faults = a_reader(*HEADINGS).read(2, cells)
        assert (said is None) == bool(faults)

    @pytest.mark.parametrize("text", ["31/12/2026", "31-12-2026", "2026-12-31", "2026-12-31 00:00", "20261231"])
    def test_days_as_people_write_them(self, text):
        assert day_said(text) == date(2026, 12, 31)

    @pytest.mark.parametrize("text", ["12/31/2026", "30/02/2026", "diciembre", "31/12/26"])
    def test_no_day_is_guessed(self, text):
        assert day_said(text) is None

    def test_status_words(self):
        said = ("VIGENTE", "Al día", "retirado", "En mora", "Por verificar", "quizás")
        assert [status_called(one) for one in said] == ["active", "active", "inactive", "inactive", "to_verify", ""]


class TestKeys:
    def test_compare_as_people_do(self):
        assert keys_of("1.990.000.011", "abc-123", ["+57 300 000 0011", "3000000011", ""]) == [
            "d:1990000011", "v:ABC123", "t:3000000011",
        ]  # fmt: skip
        assert keys_of("", "", ["", ""]) == []

    def test_what_was_typed_may_be_any_of_them(self):
        assert keys_said("+57 300 000 0011") == ["d:573000000011", "v:573000000011", "t:3000000011"]
        assert keys_said("Marta Cadavid") == keys_said("12") == keys_said("") == []


class TestFiles:
    def test_kind_by_their_bytes(self):
        assert kind_of_sheet(io.BytesIO(as_csv(MARTA))) == FileKind.CSV
        assert kind_of_sheet(io.BytesIO(as_book(HEADINGS))) == FileKind.XLSX
        for other in (b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            with pytest.raises(Unreadable):
                kind_of_sheet(io.BytesIO(other))

    def test_cells_of_a_book_are_what_is_seen(self):
        rows = [["a", None, "c"], [3000000001, 1.5, True], [datetime(2026, 2, 1), datetime(2026, 2, 1, 10, 30), "=1+1"]]
        found = list(rows_of(io.BytesIO(as_book(*rows)), "xlsx"))
        assert found == [
            (1, ["a", "", "c"]), (2, ["3000000001", "1.5", "sí"]), (3, ["2026-02-01", "2026-02-01 10:30"]),
        ]  # fmt: skip

    def test_texts_that_cells_share_are_whole(self):
        rows = [HEADINGS, MARTA]
        assert [cells for _number, cells in rows_of(io.BytesIO(as_shared_book(*rows)), "xlsx")] == rows

    def test_empty_rows_count_and_are_not_told(self):
        content = b'a;b\r\n\r\n;\r\n1;"dos\r\nrenglones"\r\n'
        assert list(rows_of(io.BytesIO(content), "csv")) == [(1, ["a", "b"]), (4, ["1", "dos renglones"])]

    def test_a_separator_inside_quotes_separates_nothing(self):
        content = 'Documento;Nombre\n1;"Cadavid, Marta, Inés"\n'.encode()
        assert list(rows_of(io.BytesIO(content), "csv"))[1] == (2, ["1", "Cadavid, Marta, Inés"])

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
    def test_a_book_that_swells_by_entities_is_not_read(self, part):
        swelling = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
        with pytest.raises(Unreadable):
            list(rows_of(io.BytesIO(_with(as_shared_book(HEADINGS), part, swelling)), "xlsx"))

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
    def test_a_broken_book_is_told(self, part):
        with pytest.raises(Unreadable):
            list(rows_of(io.BytesIO(_with(as_book(HEADINGS), part, b"<roto")), "xlsx"))

    def test_shared_texts_go_to_disk_and_come_back(self):
        many = 256 * 600
        aside = io.BytesIO()
        shared = _Shared((f"texto {n}" for n in range(many)), aside)
        assert shared[many - 1] == f"texto {many - 1}"
        assert [shared[n] for n in (0, 255, 256, 100_000)] == ["texto 0", "texto 255", "texto 256", "texto 100000"]
        assert len(shared.at_hand) <= 512 and aside.tell()
        with pytest.raises(ValueError):
            shared[many]

    def test_a_column_called_as_a_formula_is_none_in_the_report(self):
        _said, _key, faults = a_reader("Cédula", "Nombre").read(2, ["1990000011", ""])
        told = "".join(lines_of([faults[0]._replace(column="=1+1")]))
        assert told.splitlines()[1] == "2,'=1+1,Falta el nombre. Escríbalo."


def _with(book: bytes, part: str, content: bytes) -> bytes:
    """The book with another part in the place of one."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(kept, "w") as after:
        for one in before.namelist():
            after.writestr(one, content if one == part else before.read(one))
    return kept.getvalue()
