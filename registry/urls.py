from django.urls import path

from registry.views import listing, pages

app_name = "registry"
urlpatterns = [
    path("components/", listing.component_list, name="component_list"),
    path("components/export/", listing.component_export, name="component_export"),
    path("components/export.xlsx", listing.component_workbook, name="component_workbook"),
    path("components/bulk/", listing.bulk, name="component_bulk"),
    path("components/bulk/undo/", listing.bulk_undo, name="component_bulk_undo"),
    path("components/picker/", pages.picker, name="picker"),
    path("components/new/", pages.component_edit, name="component_new"),
    path("components/<str:tag>/", pages.component_page, name="component"),
    path("components/<str:tag>/edit/", pages.component_edit, name="component_edit"),
    path("components/<str:tag>/service/", pages.service_edit, name="service_edit"),
    path("components/<str:tag>/relations/", pages.relation_add, name="relation_add"),
    path("components/<str:tag>/relations/<int:pk>/remove/", pages.relation_remove, name="relation_remove"),
    path("settings/component-types/", pages.types, name="types"),
    path("settings/component-types/new/", pages.type_edit, name="type_new"),
    path("settings/component-types/<slug:code>/", pages.type_edit, name="type_edit"),
]
