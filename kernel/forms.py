"""How Django forms are drawn: every field through templates/_components/field.html."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from kernel.localnames import local_name


class ComponentRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` use the Field component.

    Set `FORM_RENDERER = "kernel.forms.ComponentRenderer"` and have `django.forms` in INSTALLED_APPS.
    """

    form_template_name = "_components/form_fields.html"
    field_template_name = "_components/field.html"


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # any model with a JSON name
    """A choice among rows whose `name` is kept in three languages."""

    def label_from_instance(self, obj: Any) -> str:
        """The name in the reader's language."""
        return local_name(obj.name)
