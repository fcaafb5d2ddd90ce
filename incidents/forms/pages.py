"""The pages of incidents as shared views and API know them: steps, verbs, own facts."""

from incidents import commands, policies
from incidents.forms.verbs import VERBS
from incidents.process import INCIDENTS
from incidents.queries.facts import DETAILS, own_facts
from incidents.queries.own import OWN_STEPS
from incidents.queries.page import beside
from incidents.queries.steps import STEPS
from processes.fields import OwnFields
from processes.pages import RecordPages

PAGES = RecordPages(
    process=INCIDENTS, template="incidents/page.html", steps=STEPS, verbs=VERBS, facts=own_facts, beside=beside,
    own_steps=OWN_STEPS,
)  # fmt: skip
FIELDS = OwnFields(process=INCIDENTS, details=DETAILS, rule=policies.can_edit, edit=commands.edit_details)
