"""Components, services and their types over REST."""

from registry.api.components import Components
from registry.api.promised import Services, Types

ROUTES = [
    ("components", Components, "component-api"),
    ("services", Services, "service-api"),
    ("component-types", Types, "component-type-api"),
]
