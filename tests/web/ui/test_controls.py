"""The controls of forms are those of Django, letter by letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.web.ui.controls import WRITTEN, Controls

CHOICES = [
    ("", gettext_lazy("Escoja una")),
    ("a&b", "Uno <dos>"),
    ("Grupo «1» & más", [("1", "Uno"), (2, "Dos")]),
    (1200, 1200),
    ("e", mark_safe("<b>tres</b>")),
]
CONTROLS = [
    forms.HiddenInput({"id": False}),
    forms.HiddenInput(),
    forms.TextInput(),
    forms.EmailInput(),
    forms.NumberInput(),
    forms.PasswordInput(),
    forms.TelInput(),
    forms.SearchInput(),
    forms.URLInput(),
    forms.DateInput({"type": "date"}),
    forms.TimeInput(),
    forms.FileInput(),
    forms.CheckboxInput(),
    forms.Textarea({"rows": 3}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    forms.NullBooleanSelect(),
    forms.RadioSelect(choices=CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES),
]
values = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.booleans(), st.sampled_from(["a&b", "1", 1200]))
attributes = st.dictionaries(
    st.sampled_from(["id", "class", "data-x", "required", "maxlength", "aria-describedby"]),
    st.one_of(st.booleans(), st.integers(0, 9999), st.text(max_size=12)),
)


def drawn(control, renderer, value, attrs):
    return str(control.render("dato", value, attrs, renderer=renderer))


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: type(one).__name__)
@settings(deadline=None)
@given(value=values, attrs=attributes)
def test_each_control_is_written_as_django_writes_it(control, value, attrs):
    assert drawn(control, Controls(), value, attrs) == drawn(control, DjangoTemplates(), value, attrs)


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_so_is_each_option_by_itself(widget):
    class Asked(forms.Form):
        choice = forms.MultipleChoiceField(choices=CHOICES, widget=widget)

    ours, theirs = Asked({"choice": ["1"]}, renderer=Controls()), Asked({"choice": ["1"]}, renderer=DjangoTemplates())
    drawn = [[(one.tag(wrap_label=True), one.tag()) for one in form["choice"]] for form in (ours, theirs)]
    assert drawn[0] == drawn[1] and len(drawn[0]) == 6


def test_forms_use_them():
    assert isinstance(forms.Form().renderer, Controls)
    assert all(name.startswith("django/forms/widgets/") for name in WRITTEN)
