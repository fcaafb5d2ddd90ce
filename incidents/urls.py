"""Addresses of incidents."""

from django.urls import path

from incidents.views import console, listing, page, report, settings

app_name = "incidents"
urlpatterns = [
    path("settings/matrix/", settings.matrix, name="matrix"),
    path("settings/closing/", settings.closing, name="closing"),
    path("settings/categories/", settings.categories, name="categories"),
    path("settings/categories/new/", settings.category, name="category_new"),
    path("settings/categories/<slug:code>/", settings.category, name="category"),
    path("my/report/", report.report, name="report"),
    path("incidents/", listing.incidents, name="list"),
    path("incidents/export.csv", listing.as_csv, name="csv"),
    path("incidents/export.xlsx", listing.as_xlsx, name="xlsx"),
    path("incidents/bulk/", listing.bulk_verb, name="bulk"),
    path("incidents/bulk/undo/", listing.bulk_undo, name="bulk_undo"),
    path("incidents/new/", console.new_call, name="new"),
    path("incidents/new/side/", console.call_side, name="call_side"),
    path("incidents/new/people/", console.call_people, name="call_people"),
    path("incidents/new/components/", console.call_components, name="call_components"),
    path("incidents/new/<uuid:key>/draft/<slug:field>/", console.keep_draft, name="call_draft"),
    path("incidents/<str:number>/", page.incident, name="page"),
    path("incidents/<str:number>/callers/", page.callers, name="callers"),
    path("incidents/<str:number>/fields/<slug:name>/", page.field, name="field"),
    path("incidents/<str:number>/<slug:name>/", page.step, name="step"),
]
