"""Channels that no organisation can mean are found before a profile is in force, each with its key."""

import pytest

from escucha.console.profile_check import problems_in
from tests.profiles.folders import DAY, copied, rewritten

PHONE = 'phone = "601 000 0011"'


@pytest.mark.requirement("EPS-04.7")
@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (PHONE, 'phone = "123"', "[channels.phone.phone]: escriba el teléfono completo"),
        (PHONE, "phone = 6010000011", "[channels.phone.phone]: debe ser un texto"),
        (PHONE, PHONE + '\nshort_code = "ciento"', "[channels.phone.short_code]: escriba la marcación corta"),
        (PHONE, PHONE + '\nholidays = "no"', "[channels.phone.holidays]: escriba true o false"),
        (PHONE, PHONE + '\nunit = "luna"', "[channels.phone.unit]: no existe la dependencia luna"),
        (PHONE, PHONE + '\nkind_of = "x"', "[channels]: nadie lee la clave"),
        (PHONE, PHONE + "\nalways = true", "[channels]: phone: escriba hours, always o by_notice, uno solo"),
        ('label = "Carta"', 'label = " "', "[channels.letter.label]: escriba el nombre del canal"),
        ('kind = "letter"', 'kind = "dove"', "[channels]: letter: no existe el medio «dove»"),
        ('kind = "letter"', 'kind = "letter"\nemail = "aquí"', "[channels.letter.email]: escriba un correo"),
        ('kind = "letter"', 'kind = "letter"\nhours = {}', "[channels.letter.hours]: no hay ni un día"),
        ('url = "https://', 'url = "javascript:', "[channels.assistant.url]: escriba una dirección"),
        (
            'fri = ["07:30-11:30", "13:30-16:40"]',
            'fri = ["07:30-11:30", "11:00-16:40"]',
            "[channels.phone.hours.fri]: dos jornadas se cruzan",
        ),
    ],
)
def test_each_oddity_is_found(tmp_path, before, after, line):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / "profile.toml", before, after)
    found = [str(problem) for problem in problems_in(folder, on=DAY)]
    assert [one for one in found if line in one], found


def test_a_key_that_no_case_could_keep(tmp_path):
    folder = copied("cafetal", tmp_path)
    file = folder / "profile.toml"
    file.write_text(file.read_text().replace("[channels.assistant]", "[channels.asistente_virtual_de_la_caja]"))
    rewritten(file, '"assistant"]', '"asistente_virtual_de_la_caja"]')
    [problem] = problems_in(folder, on=DAY)
    assert problem.key == "channels.asistente_virtual_de_la_caja" and "hasta 20" in problem.why


def test_something_must_be_received(tmp_path):
    folder = copied("cafetal", tmp_path)
    file = folder / "profile.toml"
    text, _section, _rest = file.read_text().partition("[channels]")
    file.write_text(text + '[channels.web]\nlabel = "Página"\nkind = "web"\nalways = true\nreceives = false\n')
    [problem] = problems_in(folder, on=DAY)
    assert str(problem) == "profile.toml [channels]: ningún canal recibe solicitudes: deje al menos uno"
