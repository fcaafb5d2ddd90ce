"""How Django forms are drawn: every field through templates/_components/field.html."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kernel.localnames import local_name

SELECT = "django/forms/widgets/select.html"


class ComponentRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` use the Field component.

    Set `FORM_RENDERER = "kernel.forms.ComponentRenderer"` and have `django.forms` in INSTALLED_APPS.
    """

    form_template_name = "_components/form_fields.html"
    field_template_name = "_components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """As Django does, but choices without a template for each: filters offer dozens."""
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    """The same as Django's select.html."""
    groups = []
    for name, options, _index in widget["optgroups"]:
        drawn = format_html_join("", "<option{}>{}</option>", ((_option(each), each["label"]) for each in options))
        groups.append((format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn,))
    attributes = flatatt({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", attributes, format_html_join("", "{}", groups))


def _option(option: dict[str, Any]) -> SafeString:
    return flatatt({"value": str(option["value"]), **option["attrs"]})


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # any model with a JSON name
    """A choice among rows whose `name` is kept in three languages."""

    def label_from_instance(self, obj: Any) -> str:
        """The name in the reader's language."""
        return local_name(obj.name)
