"""Addresses of promises: explained on records, set under settings."""

from django.urls import path

from sla.views import record

app_name = "sla"
urlpatterns = [path("records/<str:number>/sla/", record.explain, name="explain")]
