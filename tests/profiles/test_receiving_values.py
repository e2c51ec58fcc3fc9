"""What a profile may not say of attentions, boxes and forms is found before it is in force, with its key."""

import pytest

from escucha.console.profile_check import problems_in
from escucha.contexts.cases.policy.receiving import OF_PAGE
from tests.profiles.folders import DAY, copied, rewritten


def found(folder) -> list[str]:
    return [str(problem) for problem in problems_in(folder, on=DAY)]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('label = "Empresa aportante"', 'label = " "', "escriba cómo se llama"),
        ('key = "empresa"', 'key = "La Empresa"', "lleva minúsculas"),
        ('key = "empresa"', 'key = "trabajador"', "se repite la clave trabajador"),
        (
            'asks = "education" },\n  { key = "plataforma"',
            'asks = "gift" },\n  { key = "plataforma"',
            "asks es information",
        ),
        ('counts_from = "opening"', 'counts_from = "someday"', "counts_from es opening o written"),
        ("witnesses = 2", "witnesses = 9", "witnesses es de 0 a 5"),
        ('series = "BUZ"', 'series = "PQR"', "[boxes.series]: las actas no llevan la serie de los casos"),
        ('series = "BUZ"', 'series = "AUD"', "son distintas"),
        (
            'unit = "recreacion" },\n  { key = "biblioteca"',
            'unit = "parque" },\n  { key = "biblioteca"',
            "no existe la dependencia parque",
        ),
        (
            '{ key = "body", label = "¿Qué nos quiere decir?", lines = 10 }',
            '{ key = "story", label = "¿Qué?" }',
            "falta dónde contar",
        ),
        (
            'label = "¿Qué nos quiere decir?", lines = 10',
            'label = "¿Qué nos quiere decir?", lines = 99',
            "de 1 a 24 renglones",
        ),
        (
            '{ key = "service", label = "¿En qué servicio fue?" }',
            '{ key = "reasons", label = "¿Por qué?" }',
            "los motivos (reasons)",
        ),
        *[
            (
                '{ key = "service", label = "¿En qué servicio fue?" }',
                f'{{ key = "{key}", label = "¿En qué servicio fue?" }}',
                f"{key}: la página usa ese nombre para otra cosa; llame el campo de otra manera",
            )
            for key in OF_PAGE
        ],
    ],
)
def test_values_that_nobody_can_mean(tmp_path, before, after, line):
    folder = copied("cafetal", tmp_path)
    rewritten(folder / "profile.toml", before, after)
    assert any(line in problem for problem in found(folder)), found(folder)
