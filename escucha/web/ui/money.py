"""Amounts of money as people type them here, with points between the thousands."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.rules.serving import written


class Money(forms.Field):
    """`80.000`, `80000` or `1.250,50`."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "30"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written(value, "") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = re.sub(r"[^\d.,-]", "", str(value or ""))[:30]
        if "," in text or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
            text = text.replace(".", "").replace(",", ".")
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            raise ValidationError(_("Escriba un valor, por ejemplo 80.000.")) from None
