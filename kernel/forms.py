"""How Django forms are drawn: every field through templates/_components/field.html."""

from django.forms.renderers import TemplatesSetting


class ComponentRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` use the Field component.

    Set `FORM_RENDERER = "kernel.forms.ComponentRenderer"` and have `django.forms` in INSTALLED_APPS.
    """

    form_template_name = "_components/form_fields.html"
    field_template_name = "_components/field.html"
