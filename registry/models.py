"""Components, services and their relations; types and fields are data (DOMAIN K1, K2)."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Team, User
from kernel.audit import audited
from workforce.models import Calendar, Competence


@audited()
class Location(models.Model):
    """A site, building or room."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@audited()
class ComponentType(models.Model):
    """A kind of component. `fields` is a list of {key, label {en, sv, zh-hans}, type, required, choices}."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.JSONField(default=dict)
    icon = models.CharField(max_length=30, default="component")
    fields = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class Component(models.Model):
    """A configuration item: anything that work is about, of any type. Services are components as well."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        ORDERED = "ordered"
        STOCK = "stock"
        IN_USE = "in_use"
        RETIRED = "retired"

    tag = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    type = models.ForeignKey(ComponentType, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.IN_USE)
    owner_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    criticality = models.SmallIntegerField(default=3)
    serial = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(criticality__gte=1, criticality__lte=4), name="criticality_1_4"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="component_name"),
            models.Index(fields=["holder"], name="component_holder"),
            models.Index(fields=["type", "name", "id"], name="component_type"),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Service(models.Model):
    """What a component of a service type promises: hours, customer unit, whether it is a prioritised delivery.

    `emergency_plan` is what is done when the service cannot be restored now: Markdown, in the words of those who run it
    (DOMAIN I2).
    """

    component = models.OneToOneField(Component, models.PROTECT, primary_key=True, related_name="+")
    code = models.SlugField(max_length=60, unique=True)
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.CharField(max_length=120, blank=True)
    users = models.IntegerField(default=0)
    is_prioritised = models.BooleanField(default=False)
    support_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    emergency_plan = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class RelationKind(models.Model):
    """A typed relation: "source <verb> target"; when the target stops, the source is hit if `carries_impact`."""

    code = models.SlugField(max_length=40, unique=True)
    verb = models.JSONField(default=dict)
    inverse = models.JSONField(default=dict)
    carries_impact = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class Relation(models.Model):
    """One edge: the source needs the target (depends on, runs on, part of, used by …)."""

    source = models.ForeignKey(Component, models.PROTECT, related_name="+")
    target = models.ForeignKey(Component, models.PROTECT, related_name="+")
    kind = models.ForeignKey(RelationKind, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_to_itself"),
        ]


@audited()
class ComponentNeed(models.Model):
    """The competence and level that work on a component, or on every component of a type, needs."""

    component = models.ForeignKey(Component, models.PROTECT, null=True, blank=True, related_name="+")
    type = models.ForeignKey(ComponentType, models.PROTECT, null=True, blank=True, related_name="+")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="+")
    level = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(component__isnull=False, type__isnull=True) | Q(component__isnull=True, type__isnull=False),
                name="need_of_component_or_type",
            ),
            models.UniqueConstraint(fields=["component", "type", "competence"], name="need_once", nulls_distinct=False),
        ]
