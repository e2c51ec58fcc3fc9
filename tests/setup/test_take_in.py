"""`escucha take_in`: a person begins to work in an organisation."""

import re

import pytest
from django.core.management import CommandError, call_command

from escucha.kernel.orgs.queries import members_of


def test_a_new_person_gets_a_password_shown_once_and_a_known_one_keeps_its_own(cafetal, capsys):
    said = ("cafetal", "nueva@example.org", "Nueva Persona")

    call_command("take_in", *said, "--unit", "vivienda", "--role", "service")
    password = re.search(r"ahora: (\S{12,})", capsys.readouterr().out).group(1)
    call_command("take_in", *said, "--unit", "credito", "--role", "service_head")

    [member] = [one for one in members_of(org=cafetal.org) if one.account.email == "nueva@example.org"]
    assert (member.unit.key, member.roles) == ("credito", ["service_head"])
    assert member.account.check_password(password)
    assert "Clave" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nadie", "a@example.org", "A", "--role", "service"], "No hay una organización «nadie»"),
        (["cafetal", "a@example.org", "A", "--role", "rey"], "no tiene el rol rey"),
        (["cafetal", "a@example.org", "A", "--role", "service", "--unit", "luna"], "no tiene la dependencia «luna»"),
    ],
)
def test_what_the_profile_does_not_have_is_refused_by_name(cafetal, arguments, why):
    with pytest.raises(CommandError, match=why):
        call_command("take_in", *arguments)
