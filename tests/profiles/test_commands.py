"""The two commands over profiles: one finds what is wrong and where, the other reads a profile aloud."""

import pytest
from django.core.management import CommandError, call_command

from escucha.console.scenarios import scenarios_in
from escucha.console.templates_check import TEMPLATES, wrong_with
from tests.profiles.folders import BY_NAME, PROFILES, copied, rewritten


def checked(capsys, *folders) -> list[str]:
    """The lines of a check that found something."""
    with pytest.raises(SystemExit) as stopped:
        call_command("check_profiles", *map(str, folders))
    assert stopped.value.code == 1
    return capsys.readouterr().out.splitlines()


def test_all_is_well(capsys):
    call_command("check_profiles")
    examples = sum(len(scenarios_in(folder)) for folder in PROFILES)
    assert capsys.readouterr().out == f"5 perfiles en orden; {examples} ejemplos se cumplen.\n"


@pytest.mark.requirement("MORE-02.2")
@pytest.mark.parametrize(
    ("file", "before", "after", "line"),
    [
        ("profile.toml", "series =", "serie =", "profile.toml [cases]: nadie lee la clave ['serie']"),
        ("profile.toml", '"cases.file"', '"cases.burn"', "[roles.staff.acts]: no existe el acto cases.burn"),
        ("profile.toml", 'to = "director"', 'to = "boss"', "profile.toml [cases.ladder]: tell_director avisa a boss"),
        ("profile.toml", "central = true", "central = false", "profile.toml [units]: una dependencia, y solo una"),
        ("profile.toml", 'canonical = "claim"', 'canonical = "claim"\nunit = "luna"', "no existe la dependencia luna"),
        ("profile.toml", '"unit", days = 5', '"unit", days = 15', "[cases.types]: queja: La promesa (17 días hábiles)"),
        ("profile.toml", 'layers = ["national"]', 'layers = ["lunar"]', "profile.toml [calendar]: No existe la capa"),
        ("profile.toml", "[units]", "[surprise]\na = 1\n[units]", "profile.toml [surprise]: nadie lee esta sección"),
        ("profile.toml", 'country = "co"', 'country = "zz"', "No hay normas para el país"),
        ("profile.toml", "oklch(0.43 0.07 72)", "red", "profile.toml [organisation.accent]"),
        ("profile.toml", '"private_social_security"', '"nobody"', "profile.toml [organisation.bound]"),
        ("profile.toml", "00:00:00-05:00", "00:00:00", "profile.toml [organisation.valid_from]"),
        ("profile.toml", "[organisation]", "[organisation", "profile.toml: no se puede leer"),
        ("profile.toml", "check = true", "check = false", "profile.toml [cases.check]: hay quien revisa"),
        ("messages/acknowledged.md", "{due_on}", "{name}", "messages/acknowledged.md: no se conoce {name}"),
        ("messages/acknowledged.md", "{due_on}", "mañana", "messages/acknowledged.md: falta {due_on}"),
        ("messages/answer_ready.md", "Asunto: ", "", "messages/answer_ready.md: la primera línea debe decir"),
        ("messages/answer_ready.md", "{number}", "{number", "hay una llave sin cerrar"),
        ("scenarios.toml", "2026-03-12T00", "2026-03-13T00", "promise_until dice 2026-03-13T00:00:00-05:00"),
        ("scenarios.toml", "says", "dice", "nadie lee la clave dice"),
    ],
)  # fmt: skip
def test_each_fault_is_found_with_its_file_and_key(tmp_path, capsys, file, before, after, line):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / file, before, after)
    found = checked(capsys, folder)
    assert any(line in one and one.startswith(f"cafetal/{file}") for one in found), found


@pytest.mark.parametrize("file", ["LEEME.md", "scenarios.toml", "messages/step_reminder.md"])
def test_a_missing_file_is_found(tmp_path, capsys, file):
    folder = copied("quetzal", tmp_path)
    (folder / file).unlink()
    assert checked(capsys, folder)[0].startswith(f"quetzal/{file}: ")


def test_a_text_nobody_sends_is_found():
    assert wrong_with("goodbye", "Asunto: Adiós\n\nAdiós") == ["nadie envía este mensaje"]
    assert "goodbye" not in TEMPLATES


def test_no_profiles_at_all_is_no_success(tmp_path, capsys, settings):
    settings.PROFILES = tmp_path
    assert checked(capsys) == [f"No hay perfiles en {tmp_path}."]


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_a_profile_is_read_aloud(capsys, folder):
    call_command("explain_profile", folder.name)
    said = capsys.readouterr().out
    assert said.startswith(BY_NAME[folder.name].identity.name)
    assert "Ley 1755 de 2015" in said
    assert "{total}" not in said and "None" not in said


def test_it_says_who_does_what_the_promise_and_the_law(capsys):
    call_command("explain_profile", "cafetal")
    said = capsys.readouterr().out
    assert "Clasifica: Atención al Usuario, Coordinación de Atención al Usuario." in said
    assert "Se promete en 7 días hábiles: la dependencia 5, Atención al Usuario 2." in said
    assert "Por ley: 10 días hábiles (Ley 1755 de 2015, art. 1 (Ley 1437 de 2011, art. 14, num. 1))." in said
    assert "Viernes: 7:30 a 12:00 y 13:30 a 17:00." in said
    assert "Al 90 % del plazo: se avisa (Coordinación de Atención al Usuario)." in said


def test_it_says_what_is_peculiar(capsys):
    call_command("explain_profile", "corrioverde")
    said = capsys.readouterr().out
    assert "Nadie revisa aparte: quien responde envía." in said
    assert "Puede resolverse enseguida, sin trámite." in said
    assert "los festivos y los días cívicos." in said
    assert "Cerrado del lunes 28 de diciembre de 2026 al jueves 31 de diciembre de 2026: Resolución interna" in said


def test_an_unknown_name_is_told_which_there_are():
    with pytest.raises(CommandError, match="Hay: arrayanes, cafetal"):
        call_command("explain_profile", "luna")
