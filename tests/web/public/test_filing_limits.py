"""Filing very often: never refused, never lost, and never a way to bury somebody else's mailbox."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.models import AccessTry
from escucha.contexts.people.operations import note_try
from escucha.contexts.people.operations.trying import key_of
from escucha.kernel.orgs.models import Organisation
from escucha.web.public import question
from escucha.web.public.guard import FILINGS

SUM = re.compile(r"¿Cuánto es (\w+) más (\w+)\?")
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def file(visitor, n, **said):
    return visitor.post("/radicar/", {"body": f"Texto {n}"} | said)


def asked(answer):
    """The sum and the token of the question that the page asks."""
    page = answer.content.decode()
    one, other = (question.NUMBERS.index(word) for word in SUM.search(page).groups())
    return one + other, TOKEN.search(page).group(1)


@pytest.fixture
def insistent(visitor):
    """A visitor who filed twenty times in this hour."""
    for n in range(20):
        assert file(visitor, n).status_code == 302
    return visitor


def letters():
    return Message.objects.filter(template="acknowledged").count()


def test_one_letter_an_hour_for_each_address_and_the_receipt_says_so(visitor):
    first, second = (file(visitor, n, email="ana@example.org") for n in range(2))
    third = file(visitor, 3, email="ANA+otra@example.org")
    assert Case.objects.count() == 3 and letters() == 1
    assert "Enviamos este recibo a" in visitor.get(first.url).content.decode()
    for later in (second, third):
        page = visitor.get(later.url).content.decode()
        assert "Anote el número y el código" in page and "Enviamos este recibo a" not in page
    assert file(visitor, 4, email="otra@example.org").status_code == 302
    AccessTry.objects.update(since=timezone.now() - timedelta(hours=1, seconds=1))
    file(visitor, 5, email="ana@example.org")
    assert letters() == 3


def test_the_twenty_first_is_asked_a_sum_in_words_and_loses_nothing(insistent):
    answer = file(insistent, 21, name="Ana", key="k" * 22)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Texto 21" in page and 'value="Ana"' in page and "k" * 22 in page
    assert 'name="result"' in page and "Llegaron muchas solicitudes desde su red" in page
    assert Case.objects.count() == 20


@pytest.mark.parametrize("write", [str, lambda number: f" {question.NUMBERS[number].upper()}. "])
def test_the_right_result_files_it_in_digits_or_words(insistent, write):
    result, token = asked(file(insistent, 21))
    assert file(insistent, 21, token=token, result=write(result)).status_code == 302
    assert Case.objects.count() == 21


def test_a_wrong_result_asks_another_question(insistent):
    result, token = asked(file(insistent, 21))
    again = file(insistent, 21, token=token, result=str(result + 1))
    assert again.status_code == 422 and asked(again)[1] != token
    page = again.content.decode()
    assert "Ese no es el resultado" in page and "Texto 21" in page and "Llegaron muchas" not in page
    blank = file(insistent, 21, token=token, result="  ").content.decode()
    assert "Llegaron muchas" in blank and "Ese no es" not in blank


def test_an_answer_serves_once_and_for_an_hour(insistent, monkeypatch):
    result, token = asked(file(insistent, 21))
    assert file(insistent, 21, token=token, result=str(result)).status_code == 302
    assert file(insistent, 22, token=token, result=str(result)).status_code == 422
    old = question.new_question(now=timezone.now() - timedelta(hours=1, seconds=5))
    one, other = (question.NUMBERS.index(word) for word in SUM.search(old.words).groups())
    assert file(insistent, 23, token=old.token, result=str(one + other)).status_code == 422


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.9.c", "..", "a.99999999999999999999.b", "ñ.1.ñ"])
def test_a_token_that_is_not_ours_is_worth_nothing(insistent, token):
    assert file(insistent, 21, token=token, result="7").status_code == 422


def test_the_same_form_again_is_not_another_filing(insistent):
    said = {"key": "k" * 22}
    result, token = asked(file(insistent, 21, **said))
    first = file(insistent, 21, token=token, result=str(result), **said)
    assert file(insistent, 21, token=token, result=str(result), **said).url == first.url


def test_who_has_a_whole_site_is_asked_though_each_network_files_little(visitor):
    """A subscriber of IPv6 has 65,536 networks; its site is counted too."""
    sites = {
        key_of("filing site", "2001:db8:1::/48"): FILINGS.site,
        key_of("filing", "2001:db8:2:1::/64"): FILINGS.visitor,
    }
    for key, most in sites.items():
        note_try(org=Organisation.objects.get(), limits={key: most}, weight=most, now=timezone.now())
    for address, status in (("2001:db8:1:9::1", 422), ("2001:db8:2:1::9", 422), ("2001:db8:2:2::9", 302)):
        answer = visitor.post("/radicar/", {"body": f"De {address}"}, REMOTE_ADDR=address)
        assert answer.status_code == status, address


def test_others_file_without_a_question(insistent):
    assert insistent.post("/radicar/", {"body": "De otra red"}, REMOTE_ADDR="203.0.113.9").status_code == 302
